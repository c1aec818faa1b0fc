//! Exceptions as a session and its host pass them: a text of the kind in the first line, the full
//! names of the class and of its bases that the program defines, an empty line, and the message.

use spy_lang::program::{ExceptionValue, Program};
use spy_runtime::error::ErrorKind;

/// The text of an exception.
pub(super) fn exception_text(program: &Program, exception: &ExceptionValue) -> String {
    let mut lines = vec![exception.kind.name().to_owned()];
    lines.extend(program.types.lineage(exception.class()));
    lines.extend([String::new(), exception.message.to_string()]);
    lines.join("\n")
}

/// The exception of a text; `None` if that makes no sense.
pub(super) fn exception_of(program: &Program, text: &str) -> Option<ExceptionValue> {
    let (class, message) = text.split_once("\n\n")?;
    let mut lines = class.lines();
    let kind = ErrorKind::from_name(lines.next()?)?;
    let user_class = lines.next().and_then(|name| {
        let mut types = program.types.ids();
        let class = types.find(|ty| program.types.get(*ty).fqn.to_string() == name)?;
        program.types.user_class(class)
    });
    Some(ExceptionValue {
        kind,
        user_class,
        message: message.into(),
        raised: None,
    })
}

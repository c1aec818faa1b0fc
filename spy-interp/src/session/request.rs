//! Requests: what a line of input asks for.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value as Json;
use serde_json::value::RawValue;
use spy_lang::diagnostics::{Diagnostic, ErrorKind};
use spy_lang::ir::print::Names;
use spy_lang::program::Failure;

/// A line of input.
pub(super) struct Request {
    /// What to repeat in the response.
    pub(super) id: Option<Json>,
    /// What to do, or why the line makes no sense.
    pub(super) operation: Result<Operation, Failure>,
}

/// Something a session does.
pub(super) enum Operation {
    /// Loads a module and lists its names.
    Load(Target),
    /// Calls a function.
    Call(Callee, Vec<Argument>),
    /// Reads a name of a module.
    Get(Name),
    /// Assigns to a variable of a module.
    Set(Name, Argument),
    /// Checks and runs `main` of a module with these arguments.
    Run(String, Vec<String>),
    /// Prints a module, or one of its functions.
    Source(String, Option<String>, Names),
    /// Ends the session.
    Quit,
}

/// Where the module to load is.
pub(super) enum Target {
    /// On the search path.
    Module(String),
    /// In this file.
    File(PathBuf),
}

/// A name of a module.
pub(super) struct Name {
    /// The module.
    pub(super) module: String,
    /// The name.
    pub(super) name: String,
}

/// What to call.
pub(super) enum Callee {
    /// What a name of a module stands for.
    Name(Name),
    /// A value.
    Value(Argument),
}

/// A value in a request.
pub(super) enum Argument {
    /// As JSON.
    Json(Json),
    /// The digits of an integer that does not fit 64 bits.
    BigInt(String),
}

/// The error of a request that makes no sense.
pub(super) fn refusal(message: impl Into<String>) -> Failure {
    Box::new(Diagnostic::new(ErrorKind::ValueError, message))
}

impl Request {
    /// Reads a line.
    pub(super) fn parse(line: &[u8]) -> Self {
        match serde_json::from_slice::<Fields>(line) {
            Ok(fields) => Self {
                id: fields.get("id").and_then(|id| json(id).ok()),
                operation: operation(&fields),
            },
            Err(error) => Self {
                id: None,
                operation: Err(refusal(format!("not a JSON object: {error}"))),
            },
        }
    }
}

/// The fields of a request, each still as text, so that integers keep all their digits.
type Fields = BTreeMap<String, Box<RawValue>>;

fn json(raw: &RawValue) -> Result<Json, Failure> {
    serde_json::from_str(raw.get()).map_err(|error| refusal(format!("malformed value: {error}")))
}

fn operation(fields: &Fields) -> Result<Operation, Failure> {
    let op = text(fields, "op")?;
    match op.as_str() {
        "load" => target(fields).map(Operation::Load),
        "call" => Ok(Operation::Call(callee(fields)?, arguments(fields)?)),
        "get" => name(fields).map(Operation::Get),
        "set" => {
            let value = fields.get("value").ok_or_else(|| missing("value"))?;
            Ok(Operation::Set(name(fields)?, argument(value)?))
        }
        "run" => Ok(Operation::Run(text(fields, "module")?, argv(fields)?)),
        "source" => {
            let function = optional_text(fields, "name")?;
            let names = names(optional_text(fields, "names")?)?;
            let module = text(fields, "module")?;
            Ok(Operation::Source(module, function, names))
        }
        "quit" => Ok(Operation::Quit),
        unknown => Err(refusal(format!("unknown operation `{unknown}`"))),
    }
}

fn missing(field: &str) -> Failure {
    refusal(format!("the field `{field}` is missing"))
}

fn optional_text(fields: &Fields, field: &str) -> Result<Option<String>, Failure> {
    match fields.get(field).map(|raw| json(raw)).transpose()? {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => Ok(Some(text)),
        Some(Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_)) => {
            Err(refusal(format!("the field `{field}` must be a string")))
        }
    }
}

fn text(fields: &Fields, field: &str) -> Result<String, Failure> {
    optional_text(fields, field)?.ok_or_else(|| missing(field))
}

fn name(fields: &Fields) -> Result<Name, Failure> {
    Ok(Name {
        module: text(fields, "module")?,
        name: text(fields, "name")?,
    })
}

fn target(fields: &Fields) -> Result<Target, Failure> {
    if let Some(file) = optional_text(fields, "file")? {
        return Ok(Target::File(file.into()));
    }
    match optional_text(fields, "module")? {
        Some(module) => Ok(Target::Module(module)),
        None => Err(refusal("one of the fields `module` and `file` is needed")),
    }
}

fn callee(fields: &Fields) -> Result<Callee, Failure> {
    match fields.get("function") {
        Some(function) => argument(function).map(Callee::Value),
        None => name(fields).map(Callee::Name),
    }
}

fn names(choice: Option<String>) -> Result<Names, Failure> {
    match choice.as_deref() {
        None | Some("short") => Ok(Names::Short),
        Some("full") => Ok(Names::Full),
        Some(_) => Err(refusal("the field `names` must be `short` or `full`")),
    }
}

fn list(fields: &Fields, field: &str) -> Result<Vec<Box<RawValue>>, Failure> {
    let Some(raw) = fields.get(field) else {
        return Ok(Vec::new());
    };
    serde_json::from_str(raw.get())
        .map_err(|_| refusal(format!("the field `{field}` must be an array")))
}

fn arguments(fields: &Fields) -> Result<Vec<Argument>, Failure> {
    let args = list(fields, "args")?;
    args.iter().map(|raw| argument(raw)).collect()
}

fn argument(raw: &RawValue) -> Result<Argument, Failure> {
    let text = raw.get();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_integer = digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_integer && text.parse::<i64>().is_err() && text.parse::<u64>().is_err() {
        return Ok(Argument::BigInt(text.to_owned()));
    }
    json(raw).map(Argument::Json)
}

fn argv(fields: &Fields) -> Result<Vec<String>, Failure> {
    let Some(raw) = fields.get("argv") else {
        return Ok(Vec::new());
    };
    serde_json::from_str(raw.get())
        .map_err(|_| refusal("the field `argv` must be an array of strings"))
}

//! Classes.

use std::rc::Rc;

use super::errors::wip;
use super::evaluator::Evaluator;
use crate::program::Failure;
use crate::syntax::ast;

impl Evaluator<'_> {
    /// Binds the classes of a body to types that are not defined yet, so that annotations may name
    /// them.
    pub(super) fn forward_declare(&mut self, _body: &[ast::Stmt]) -> Result<(), Failure> {
        Ok(())
    }

    /// Executes a `class`.
    pub(super) fn define_class(
        &mut self,
        def: &Rc<ast::ClassDef>,
        _stmt: &ast::Stmt,
    ) -> Result<(), Failure> {
        let message = "only @struct classes are supported for now";
        Err(wip(message).error("class defined here", def.header).into())
    }
}

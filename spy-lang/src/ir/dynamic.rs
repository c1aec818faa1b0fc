//! Operations on values whose type is known only when the program runs.

use std::rc::Rc;

use crate::source::Span;
use crate::syntax::ast::{BinOp, CmpOp, Ident, UnaryOp};

/// What is done with operands of static type `dynamic`; the result is one too.
///
/// Engines do not look inside: they hand it to
/// [`redshift::dynamic`](crate::redshift::dynamic()), which knows the rules of dispatch.
#[derive(Clone, Debug)]
pub enum DynamicOp {
    /// `a op b`
    Binary(BinOp),
    /// `a op= b`, of which the result is then assigned.
    InPlace(BinOp),
    /// `a op b` of a comparison, of identity or of membership.
    Compare(CmpOp),
    /// `op a`
    Unary(UnaryOp),
    /// `callee(args)`: the callee, then the arguments, with their keywords.
    Call(Rc<[Option<Ident>]>),
    /// `receiver.method(args)`: the receiver, then the arguments, with their keywords.
    CallMethod(Ident, Rc<[Option<Ident>]>),
    /// `a.attr`
    GetAttr(Ident),
    /// `a.attr = b`
    SetAttr(Ident),
    /// `hasattr(a, "attr")`
    HasAttr(Ident),
    /// `a[args]`: the object, then the subscripts.
    GetItem,
    /// `a[args] = b`: the object, the subscripts, the value.
    SetItem,
    /// `del a[args]`: the object, then the subscripts.
    DelItem,
    /// The item at `index` of `a`, which has to have `count` of them, for the targets at `targets`.
    Unpack {
        /// The item's position.
        index: usize,
        /// How many targets there are.
        count: usize,
        /// The place of the targets.
        targets: Span,
    },
    /// `format(a, spec)`
    Format,
}

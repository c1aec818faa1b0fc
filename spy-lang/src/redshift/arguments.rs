//! Which argument each parameter of a function gets: positions, keywords, defaults.
//!
//! Python's rules, applied while compiling. Numbers of arguments are told as the catalogue words
//! them; what keywords can do wrong, in Python's words.

use std::rc::Rc;

use super::errors::type_error;
use super::evaluator::Evaluator;
use super::operand::Operand;
use crate::diagnostics::similar;
use crate::program::{Failure, FuncBody, FuncInfo, Value};
use crate::scope::ScopeKind;
use crate::source::Span;
use crate::syntax::ast;
use crate::types::{Field, ParamKind, ParamType, TypeKind};

/// The arguments of a call.
pub(super) struct Arguments {
    /// Their values, left to right.
    pub(super) operands: Vec<Operand>,
    /// The keyword of each, if it has one.
    pub(super) keywords: Vec<Option<ast::Ident>>,
}

impl Arguments {
    /// These arguments after one more.
    pub(super) fn with_receiver(mut self, receiver: Operand) -> Self {
        self.operands.insert(0, receiver);
        self.keywords.insert(0, None);
        self
    }

    /// How many come before the first keyword.
    fn positional(&self) -> usize {
        let keywords = self.keywords.iter();
        keywords.take_while(|keyword| keyword.is_none()).count()
    }

    /// The places of the positional arguments from position `from` on.
    fn span_from(&self, from: usize) -> Option<Span> {
        let positional = &self.operands[..self.positional()];
        let first = positional.get(from)?.span;
        Some(first.to(positional.last()?.span))
    }
}

/// What a direct call shows in messages about the number of arguments.
#[derive(Clone, Copy)]
pub(super) struct Direct {
    /// The callee, or the receiver of a method call.
    pub(super) callee: Span,
    /// How many leading operands are not written as arguments.
    pub(super) receivers: usize,
}

/// What calls know of parameters beyond their types.
#[derive(Default)]
struct NamedParams {
    names: Vec<Rc<str>>,
    /// Aligned to the end of the plain parameters, with their places.
    defaults: Vec<(Value, Span)>,
}

/// What a parameter gets.
#[derive(Clone)]
pub(super) enum Slot {
    /// The argument at this position.
    Argument(usize),
    /// A default and its place.
    Default(Value, Span),
    /// The arguments at these positions, as a tuple.
    Rest(Vec<usize>),
}

/// The numbers in a message about too many or too few arguments.
struct Count {
    params: usize,
    first_default: usize,
    simple: usize,
    missing: usize,
    extra: usize,
}

impl Evaluator<'_> {
    /// Which argument or default each parameter gets.
    pub(super) fn order_arguments(
        &self,
        func: &FuncInfo,
        params: &[ParamType],
        args: &Arguments,
        direct: Option<Direct>,
    ) -> Result<Vec<Slot>, Failure> {
        let is_simple = |param: &&ParamType| param.kind == ParamKind::Simple;
        let simple = params.iter().filter(is_simple).count();
        let variadic = simple < params.len();
        let positional = args.positional();
        let named = self.named_params(&func.body);
        let defaults = &named.defaults;
        let first_default = simple - defaults.len().min(simple);
        let mut slots: Vec<Option<Slot>> = vec![None; simple];
        for (index, slot) in slots.iter_mut().enumerate().take(positional) {
            *slot = Some(Slot::Argument(index));
        }
        self.keyword_arguments(func, &named.names, args, &mut slots)?;
        let required = slots[..first_default].iter().enumerate();
        let missing: Vec<usize> = required
            .filter_map(|(index, slot)| slot.is_none().then_some(index))
            .collect();
        let extra = if variadic {
            0
        } else {
            positional.saturating_sub(simple)
        };
        if !missing.is_empty() || extra > 0 {
            let message = if extra == 0 && positional < args.operands.len() {
                self.missing_names(func, &named.names, &missing)
            } else {
                None
            };
            let count = Count {
                params: params.len(),
                first_default,
                simple,
                missing: missing.len(),
                extra,
            };
            return Err(wrong_count(&count, message, func.prototype, args, direct));
        }
        let with_default = slots.into_iter().enumerate().map(|(index, slot)| {
            slot.unwrap_or_else(|| {
                let (value, span) = &defaults[index - first_default];
                Slot::Default(value.clone(), *span)
            })
        });
        let rest = variadic.then(|| Slot::Rest((simple..positional.max(simple)).collect()));
        Ok(with_default.chain(rest).collect())
    }

    /// Gives arguments with keywords to the parameters of those names.
    fn keyword_arguments(
        &self,
        func: &FuncInfo,
        params: &[Rc<str>],
        args: &Arguments,
        slots: &mut [Option<Slot>],
    ) -> Result<(), Failure> {
        let keywords = args.keywords.iter().enumerate();
        let mut keywords = keywords.filter_map(|(index, keyword)| Some((index, keyword.as_ref()?)));
        keywords.try_for_each(|(index, keyword)| {
            let found = params.iter().position(|name| *name == keyword.name);
            let name = &keyword.name;
            let fail = |problem: String, text: &str| {
                type_error(format!(
                    "{}() got {problem} '{name}'",
                    self.shown_name(func)
                ))
                .error(text, keyword.span)
                .note("function defined here", func.prototype)
            };
            match found.filter(|position| *position < slots.len()) {
                Some(position) if slots[position].is_some() => {
                    let problem = "multiple values for argument".to_owned();
                    Err(fail(problem, "this is given twice").into())
                }
                Some(position) => {
                    slots[position] = Some(Slot::Argument(index));
                    Ok(())
                }
                None => {
                    let failure = fail(
                        "an unexpected keyword argument".to_owned(),
                        "not a parameter",
                    );
                    Err(match similar(name, params.to_vec()) {
                        Some(similar) => failure.help(format!("did you mean `{similar}`?")),
                        None => failure,
                    }
                    .into())
                }
            }
        })
    }

    /// `f() missing 2 required positional arguments: 'a' and 'b'`, if the names are known.
    fn missing_names(
        &self,
        func: &FuncInfo,
        params: &[Rc<str>],
        missing: &[usize],
    ) -> Option<String> {
        let names: Option<Vec<String>> = missing
            .iter()
            .map(|index| Some(format!("'{}'", params.get(*index)?)))
            .collect();
        let names = names?;
        let list = match names.as_slice() {
            [] => return None,
            [one] => one.clone(),
            [one, other] => format!("{one} and {other}"),
            [init @ .., last] => format!("{}, and {last}", init.join(", ")),
        };
        let count = plural(names.len(), "required positional argument");
        let name = self.shown_name(func);
        Some(format!("{name}() missing {count}: {list}"))
    }

    /// What a function calls its parameters: those of constructors are the fields.
    fn named_params(&self, body: &FuncBody) -> NamedParams {
        match body {
            FuncBody::Source(closure) => NamedParams {
                names: closure.params.clone(),
                defaults: closure.defaults.clone(),
            },
            FuncBody::MakeStruct(ty) => {
                let fields = match self.program.types.kind(*ty) {
                    TypeKind::Struct(Some(layout)) => layout.fields.clone(),
                    _ => Default::default(),
                };
                let default = |field: &Field| Some((field.default.clone()?, field.span));
                NamedParams {
                    names: fields.iter().map(|field| field.name.clone()).collect(),
                    defaults: fields.iter().filter_map(default).collect(),
                }
            }
            FuncBody::Prim(_)
            | FuncBody::Builtin(_)
            | FuncBody::Memory(_)
            | FuncBody::StructMethod(_)
            | FuncBody::GenericClass(_) => NamedParams::default(),
        }
    }

    /// A function's name in Python's messages: `f`, `Class.method`.
    fn shown_name(&self, func: &FuncInfo) -> String {
        let name = &func.fqn.last().name;
        match &func.body {
            FuncBody::MakeStruct(ty) => self.program.types.get(*ty).fqn.last().name.to_string(),
            FuncBody::Source(closure) => {
                let source = self.program.module(closure.module).source.as_ref();
                let class = source.and_then(|(_, scopes)| {
                    let parent = scopes.get(scopes.get(closure.scope).parent?);
                    (parent.kind == ScopeKind::Class).then(|| parent.name.rsplit("::").next())?
                });
                class.map_or_else(|| name.to_string(), |class| format!("{class}.{name}"))
            }
            _ => name.to_string(),
        }
    }
}

/// `this function takes 2 arguments but 1 argument was supplied`, or another message.
fn wrong_count(
    count: &Count,
    message: Option<String>,
    prototype: Span,
    args: &Arguments,
    direct: Option<Direct>,
) -> Failure {
    let diagnostic = type_error(message.unwrap_or_else(|| count.message(args.operands.len())));
    let diagnostic = match direct {
        Some(direct) if count.extra > 0 => {
            let span = args.span_from(count.simple).unwrap_or(direct.callee);
            diagnostic.error(plural(count.extra, "extra argument"), span)
        }
        Some(direct) => {
            let text = format!("{} missing", plural(count.missing, "argument"));
            diagnostic.error(text, direct.callee)
        }
        None => diagnostic,
    };
    diagnostic.note("function defined here", prototype).into()
}

impl Count {
    fn message(&self, supplied: usize) -> String {
        let takes = if self.first_default < self.simple {
            format!(
                "takes from {} to {} arguments",
                self.first_default, self.simple
            )
        } else {
            format!("takes {}", plural(self.params, "argument"))
        };
        let verb = if supplied == 1 { "was" } else { "were" };
        format!(
            "this function {takes} but {} {verb} supplied",
            plural(supplied, "argument")
        )
    }
}

/// `1 argument`, `2 arguments`
pub(super) fn plural(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

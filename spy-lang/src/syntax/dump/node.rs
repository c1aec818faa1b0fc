//! Nodes of a dump and their layout.

use std::fmt::Write;

use spy_runtime::text::str_repr;

/// A value in a dump.
pub(super) enum Node {
    /// Something printed as it is.
    Text(String),
    /// `Name(field=value, …)`
    Branch(&'static str, Vec<(&'static str, Node)>),
    /// `[item, …]`
    List(Vec<Node>),
}

impl Node {
    /// A node with fields.
    pub(super) fn new(name: &'static str, fields: Vec<(&'static str, Node)>) -> Self {
        Self::Branch(name, fields)
    }

    /// Appends the text of the node, whose first line is indented by the caller.
    ///
    /// Nodes without nested nodes and lists stay on one line.
    pub(super) fn write_into(&self, text: &mut String, indent: usize) {
        match self {
            Self::Text(value) => text.push_str(value),
            Self::List(items) if items.is_empty() => text.push_str("[]"),
            Self::List(items) => {
                text.push_str("[\n");
                for item in items {
                    push_indent(text, indent + 1);
                    item.write_into(text, indent + 1);
                    text.push_str(",\n");
                }
                push_indent(text, indent);
                text.push(']');
            }
            Self::Branch(name, fields) => {
                let _ = write!(text, "{name}(");
                write_fields(fields, text, indent);
                text.push(')');
            }
        }
    }
}

fn write_fields(fields: &[(&str, Node)], text: &mut String, indent: usize) {
    let is_flat = fields
        .iter()
        .all(|(_, value)| matches!(value, Node::Text(_)));
    if is_flat {
        for (index, (name, value)) in fields.iter().enumerate() {
            if index > 0 {
                text.push_str(", ");
            }
            let _ = write!(text, "{name}=");
            value.write_into(text, indent);
        }
        return;
    }
    text.push('\n');
    for (name, value) in fields {
        push_indent(text, indent + 1);
        let _ = write!(text, "{name}=");
        value.write_into(text, indent + 1);
        text.push_str(",\n");
    }
    push_indent(text, indent);
}

fn push_indent(text: &mut String, indent: usize) {
    text.extend(std::iter::repeat_n("    ", indent));
}

/// A Python string literal.
pub(super) fn string(value: &str) -> Node {
    Node::Text(str_repr(value))
}

/// A Python string literal, or `None`.
pub(super) fn optional_string(value: Option<&str>) -> Node {
    value.map_or_else(none, string)
}

/// `None`.
pub(super) fn none() -> Node {
    Node::Text("None".to_owned())
}

/// `True` or `False`.
pub(super) fn boolean(value: bool) -> Node {
    Node::Text(if value { "True" } else { "False" }.to_owned())
}

/// The node of a name in targets, attributes and methods.
pub(super) fn str_literal(value: &str) -> Node {
    Node::new("StrLiteral", vec![("value", string(value))])
}

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

/// A string literal as Python shows it: with escapes for what cannot be printed.
pub(super) fn string(value: &str) -> Node {
    let mut text = String::with_capacity(value.len() + 2);
    for c in str_repr(value).chars() {
        let code = u32::from(c);
        // Writing to a `String` cannot fail.
        let _ = match code {
            _ if is_printable(c) => write!(text, "{c}"),
            0..=0xFF => write!(text, "\\x{code:02x}"),
            0x100..=0xFFFF => write!(text, "\\u{code:04x}"),
            _ => write!(text, "\\U{code:08x}"),
        };
    }
    Node::Text(text)
}

/// Whether a character is shown as it is. Python and Rust agree on that but for marks that extend
/// the character before, which Rust escapes only at the start of a text.
fn is_printable(c: char) -> bool {
    let after_letter = format!("a{c}");
    matches!(c, '\\' | '\'' | '"') || after_letter.escape_debug().eq(after_letter.chars())
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

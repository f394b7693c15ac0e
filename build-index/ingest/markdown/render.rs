//! The parsed tree → HTML, before it is sanitised.

use std::fmt::{self, Write};

use comrak::Options;
use comrak::html::{ChildRendering, Context, format_document_with_formatter, format_node_default};
use comrak::nodes::{Node, NodeValue};
use comrak::options::Plugins;

use super::Parsed;
use super::blocks::NO_LINK;
use super::prepare::Shown;

/// Stands in the HTML where a page ends. The parser replaces a NUL of the document, so this one can only be ours.
pub const PAGE_CUT: char = '\0';

/// What the formatter carries along.
#[derive(Default)]
struct State {
    shown: Shown,
    next_heading: usize,
    /// Lines of the parsed text that are page markers.
    markers: Vec<usize>,
}

/// HTML of the whole document, with a [`PAGE_CUT`] where each page marker stood.
pub fn html(root: Node<'_>, options: &Options<'_>, shown: &Shown, parsed: &Parsed<'_, '_>) -> String {
    let markers = parsed
        .lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.marker.is_some())
        .map(|(at, _)| at + 1)
        .collect();
    let state = State { shown: shown.clone(), next_heading: 0, markers };
    let mut html = String::new();
    let plugins = Plugins::default();
    // Writing into a string does not fail; if comrak ever fails, what it wrote so far is shown.
    let _ = format_document_with_formatter(root, options, &mut html, &plugins, format, state);
    html
}

fn format(
    context: &mut Context<'_, '_, State>,
    node: Node<'_>,
    entering: bool,
) -> Result<ChildRendering, fmt::Error> {
    let data = node.data();
    match &data.value {
        NodeValue::Heading(heading) => {
            if entering {
                let anchor =
                    context.user.shown.anchors.get(context.user.next_heading).cloned().unwrap_or_default();
                context.user.next_heading += 1;
                context.cr()?;
                write!(context, "<h{} id=\"", heading.level)?;
                context.escape(&anchor)?;
                context.write_str("\">")?;
            } else {
                writeln!(context, "</h{}>", heading.level)?;
            }
            Ok(ChildRendering::HTML)
        }
        NodeValue::Link(link) if link.url == NO_LINK => Ok(ChildRendering::HTML),
        NodeValue::Image(link) => {
            if !entering {
                return Ok(ChildRendering::HTML);
            }
            context.write_str("<img src=\"")?;
            context.escape_href(&link.url)?;
            context.write_str("\" alt=\"")?;
            context.escape(&super::blocks::inline_text(node))?;
            if !link.title.is_empty() {
                context.write_str("\" title=\"")?;
                context.escape(&link.title)?;
            }
            if let Some((width, height)) = context.user.shown.sizes.get(&link.url).copied() {
                write!(context, "\" width=\"{width}\" height=\"{height}")?;
            }
            context.write_str("\" loading=\"lazy\">")?;
            Ok(ChildRendering::Skip)
        }
        // Left as written: what stands between dollars is as often a shell variable as a formula.
        NodeValue::Math(math) => {
            if entering {
                let mark = if math.display_math { "$$" } else { "$" };
                context.write_str("<span class=\"math\">")?;
                context.escape(&format!("{mark}{}{mark}", math.literal))?;
                context.write_str("</span>")?;
            }
            Ok(ChildRendering::HTML)
        }
        NodeValue::HtmlBlock(_) if context.user.markers.contains(&data.sourcepos.start.line) => {
            if entering {
                context.cr()?;
                context.write_char(PAGE_CUT)?;
            }
            Ok(ChildRendering::HTML)
        }
        _ => {
            drop(data);
            format_node_default(context, node, entering)
        }
    }
}

//! Text → tree, in bounded time and memory.
//!
//! html5ever builds what a browser would. Three inputs make that expensive, and each has a limit here:
//!
//! ```text
//! text ─► attributes of one tag ─► tokenizer ─► Gate ─► tree builder ─► Sink
//!         attributes.rs                         │                       counts nodes, knows how deep it is
//!                                               └─ lets no start tag through that would go too deep,
//!                                                  and nothing at all once the tree is full
//! ```
//!
//! Depth costs quadratic time, because every start tag looks through the open elements; the number of attributes does,
//! because each is compared with those before it. Nodes cost memory: one that opens `<b>` two hundred times has two
//! hundred new nodes in each of the following paragraphs.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};
use std::collections::HashMap;

use ego_tree::{NodeId, NodeMut, Tree};
use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{TreeBuilder, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, QualName};

use crate::document::{Note, Weight};
use crate::ingest::attributes::with_few_attributes;

/// Deepest element. Browsers stop at 512; real pages stay below 60.
pub const DEEPEST: usize = 256;

/// Most nodes of a tree, which takes some 200 bytes for each. A page within the limit of size stays below it unless
/// it is made of tags.
const NODES: usize = 2_000_000;

/// Elements that hold no others.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "frame", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// Elements whose content is text, whatever it looks like: leaving out their start tag would show it.
const RAW: [&str; 9] =
    ["iframe", "noembed", "noframes", "noscript", "plaintext", "script", "style", "textarea", "title"];

/// A node of the tree.
pub enum Node {
    /// An element.
    Element(Element),
    /// Text between tags.
    Text(StrTendril),
    /// The document itself, doctypes, comments.
    Other,
}

/// An element.
pub struct Element {
    name: QualName,
    attributes: Vec<Attribute>,
}

impl Node {
    /// The element.
    pub fn as_element(&self) -> Option<&Element> {
        if let Self::Element(element) = self { Some(element) } else { None }
    }

    /// The text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// Whether this is an element.
    pub fn is_element(&self) -> bool {
        matches!(self, Self::Element(_))
    }
}

impl Element {
    /// The name, in lower case.
    pub fn name(&self) -> &str {
        &self.name.local
    }

    /// The value of an attribute.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|own| &*own.name.local == name).map(|own| &*own.value)
    }
}

/// A page, parsed.
pub struct Parsed {
    /// The tree.
    pub tree: Tree<Node>,
    /// Line of every link and picture.
    pub lines: HashMap<NodeId, u32>,
    /// What was left out to stay within the limits.
    pub notes: Vec<Note>,
}

/// The tree of a page.
pub fn parse(text: &str) -> Parsed {
    let sink = Sink {
        tree: RefCell::new(Tree::new(Node::Other)),
        current: Cell::new(None),
        line: Cell::new(1),
        lines: RefCell::new(HashMap::new()),
        nodes: Cell::new(0),
        misled: Cell::new(false),
    };
    let options = TreeBuilderOpts { scripting_enabled: true, ..TreeBuilderOpts::default() };
    let gate = Gate { builder: TreeBuilder::new(sink, options), too_deep: Cell::new(0), full: Cell::new(0) };
    let tokenizer = Tokenizer::new(gate, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(&with_few_attributes(text)));
    // It stops after every script, for a browser to run it. What it says is which one: nothing is run here.
    while !input.is_empty() {
        let _ = tokenizer.feed(&input);
    }
    tokenizer.end();
    let Gate { builder, too_deep, full } = tokenizer.sink;
    let mut notes = Vec::new();
    if too_deep.get() > 0 {
        let text = format!(
            "nests more than {DEEPEST} elements deep here; what is deeper is read as part of what is around it"
        );
        notes.push(Note { weight: Weight::Doubtful, line: line(too_deep.get()), text });
    }
    if full.get() > 0 {
        let text = format!(
            "has more than {NODES} elements and pieces of text; what follows is not read. Split it into pages"
        );
        notes.push(Note { weight: Weight::Lost, line: line(full.get()), text });
    }
    let lines = builder.sink.lines.take();
    Parsed { tree: builder.sink.finish(), lines, notes }
}

fn line(number: u64) -> Option<u32> {
    u32::try_from(number).ok()
}

/// Stands between tokenizer and tree builder.
struct Gate {
    builder: TreeBuilder<NodeId, Sink>,
    /// Line of the first start tag that was left out for its depth, or 0.
    too_deep: Cell<u64>,
    /// Line on which the tree was full, or 0.
    full: Cell<u64>,
}

impl TokenSink for Gate {
    type Handle = NodeId;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<NodeId> {
        let sink = &self.builder.sink;
        if sink.nodes.get() > NODES && !matches!(token, Token::EOFToken) {
            if self.full.get() == 0 {
                self.full.set(line);
            }
            return TokenSinkResult::Continue;
        }
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::EndTag
        {
            sink.leave(&tag.name);
        }
        if let Token::TagToken(tag) = &token
            && tag.kind == TagKind::StartTag
            && !VOID.contains(&&*tag.name)
            && !RAW.contains(&&*tag.name)
            && sink.depth() >= DEEPEST
        {
            if self.too_deep.get() == 0 {
                self.too_deep.set(line);
            }
            return TokenSinkResult::Continue;
        }
        self.builder.process_token(token, line)
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The tree, while it grows.
struct Sink {
    tree: RefCell<Tree<Node>>,
    /// The element that the next one goes into, as far as can be seen from here.
    current: Cell<Option<NodeId>>,
    line: Cell<u64>,
    lines: RefCell<HashMap<NodeId, u32>>,
    nodes: Cell<usize>,
    /// End tags lead nowhere: they were used to go deeper.
    misled: Cell<bool>,
}

impl Sink {
    /// Follows an end tag up, as the builder mostly does without telling. Where it does not, the next start tag goes
    /// deeper than it should; a page that does this again and again is not believed any more.
    fn leave(&self, name: &str) {
        let tree = self.tree.borrow();
        let Some(current) = self.current.get().and_then(|id| tree.get(id)) else { return };
        if self.misled.get() || current.ancestors().nth(2 * DEEPEST).is_some() {
            return self.misled.set(true);
        }
        let own = |node: &ego_tree::NodeRef<'_, Node>| {
            node.value().as_element().is_some_and(|element| element.name() == name)
        };
        let left = std::iter::once(current).chain(current.ancestors()).find(own);
        if let Some(parent) = left.and_then(|left| left.parent()) {
            self.current.set(Some(parent.id()));
        }
    }

    fn depth(&self) -> usize {
        let tree = self.tree.borrow();
        let current = self.current.get().and_then(|id| tree.get(id));
        current.map_or(0, |node| node.ancestors().take(DEEPEST).count())
    }

    fn add(&self, node: Node) -> NodeId {
        self.nodes.set(self.nodes.get() + 1);
        self.tree.borrow_mut().orphan(node).id()
    }

    /// Does something with a node of the tree. The builder only hands back what it was given.
    fn at(&self, id: NodeId, change: impl FnOnce(NodeMut<'_, Node>)) {
        if let Some(node) = self.tree.borrow_mut().get_mut(id) {
            change(node);
        }
    }

    fn has_parent(&self, id: NodeId) -> bool {
        self.tree.borrow().get(id).is_some_and(|node| node.parent().is_some())
    }

    /// Whether text was put at the end of the text that stands there already.
    fn joined(&self, before: Option<NodeMut<'_, Node>>, text: &StrTendril) -> bool {
        if let Some(mut node) = before
            && let Node::Text(own) = node.value()
        {
            own.push_tendril(text);
            return true;
        }
        self.nodes.set(self.nodes.get() + 1);
        false
    }

    /// Notes what the next element goes into.
    fn entered(&self, parent: NodeId, child: &NodeOrText<NodeId>) {
        let tree = self.tree.borrow();
        let holds = |id: &NodeId| {
            let element = tree.get(*id).and_then(|node| node.value().as_element());
            element.is_some_and(|element| !VOID.contains(&element.name()))
        };
        match child {
            NodeOrText::AppendNode(id) if holds(id) => self.current.set(Some(*id)),
            _ => self.current.set(Some(parent)),
        }
    }
}

/// What [`TreeSink::elem_name`] says of a node that is no element, which the builder never asks for.
static NO_NAME: QualName = QualName { prefix: None, ns: html5ever::ns!(), local: html5ever::local_name!("") };

impl TreeSink for Sink {
    type Handle = NodeId;
    type Output = Tree<Node>;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Tree<Node> {
        self.tree.into_inner()
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        self.tree.borrow().root().id()
    }

    fn elem_name<'a>(&'a self, target: &NodeId) -> Ref<'a, QualName> {
        Ref::map(self.tree.borrow(), |tree| {
            let element = tree.get(*target).and_then(|node| node.value().as_element());
            element.map_or(&NO_NAME, |element| &element.name)
        })
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, _: ElementFlags) -> NodeId {
        let noted = matches!(&*name.local, "a" | "img");
        let template = &*name.local == "template";
        let id = self.add(Node::Element(Element { name, attributes }));
        if template {
            self.at(id, |mut node| {
                node.append(Node::Other);
            });
        }
        if let (true, Some(line)) = (noted, line(self.line.get())) {
            self.lines.borrow_mut().insert(id, line);
        }
        id
    }

    fn create_comment(&self, _: StrTendril) -> NodeId {
        self.add(Node::Other)
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> NodeId {
        self.add(Node::Other)
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.entered(*parent, &child);
        self.at(*parent, |mut parent| match child {
            NodeOrText::AppendNode(id) => drop(parent.append_id(id)),
            NodeOrText::AppendText(text) => {
                if !self.joined(parent.last_child(), &text) {
                    parent.append(Node::Text(text));
                }
            }
        });
    }

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        if let NodeOrText::AppendNode(id) = child {
            self.at(id, |mut node| node.detach());
        }
        if self.has_parent(*sibling) {
            self.at(*sibling, |mut sibling| match child {
                NodeOrText::AppendNode(id) => drop(sibling.insert_id_before(id)),
                NodeOrText::AppendText(text) => {
                    if !self.joined(sibling.prev_sibling(), &text) {
                        sibling.insert_before(Node::Text(text));
                    }
                }
            });
        }
    }

    fn append_based_on_parent_node(&self, element: &NodeId, previous: &NodeId, child: NodeOrText<NodeId>) {
        if self.has_parent(*element) {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn pop(&self, node: &NodeId) {
        let tree = self.tree.borrow();
        self.current.set(tree.get(*node).and_then(|node| node.parent()).map(|parent| parent.id()));
    }

    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        let tree = self.tree.borrow();
        tree.get(*target).and_then(|node| node.first_child()).map_or(*target, |contents| contents.id())
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.at(*target, |mut node| {
            if let Node::Element(element) = node.value() {
                for attribute in attributes {
                    if element.attributes.iter().all(|own| own.name != attribute.name) {
                        element.attributes.push(attribute);
                    }
                }
            }
        });
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.at(*target, |mut node| node.detach());
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        self.at(*new_parent, |mut parent| parent.reparent_from_id_append(*node));
    }

    fn set_current_line(&self, line: u64) {
        self.line.set(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_bounded_and_nothing_is_lost() {
        let text = format!("{}deep{}<p>after", "<div>".repeat(100_000), "</div>".repeat(100_000));
        let parsed = parse(&text);
        let deepest = parsed.tree.nodes().map(|node| node.ancestors().count()).max();
        assert!(deepest.is_some_and(|deepest| deepest <= DEEPEST + 2), "{deepest:?}");
        assert!(parsed.notes[0].text.contains("256 elements deep"), "{}", parsed.notes[0].text);
        let all: String =
            parsed.tree.root().descendants().filter_map(|node| node.value().as_text()).collect();
        assert_eq!(all, "deepafter");
    }

    #[test]
    fn end_tags_that_close_nothing_do_not_let_deeper() {
        let parsed = parse(&format!("<div>{}{}", "<table><td>".repeat(90), "</div><span>x".repeat(5000)));
        let deepest = parsed.tree.nodes().map(|node| node.ancestors().count()).max();
        assert!(deepest.is_some_and(|deepest| deepest <= 2 * DEEPEST + 3), "{deepest:?}");
    }

    #[test]
    fn closing_lets_new_elements_in_again() {
        let deep = format!("{}x{}", "<div>".repeat(300), "</div>".repeat(300));
        let parsed = parse(&format!("{deep}<section><h2>Title</h2></section>"));
        let names: Vec<&str> =
            parsed.tree.values().filter_map(|node| node.as_element()).map(|element| element.name()).collect();
        assert!(names.ends_with(&["section", "h2"]), "{:?}", &names[names.len() - 3..]);
    }

    #[test]
    fn formatting_that_is_never_closed_cannot_multiply() {
        let bold: String = (0..200).map(|n| format!("<b id={n}>")).collect();
        let parsed = parse(&format!("<div>{bold}</div>{}", "<p>x</p>".repeat(200_000)));
        assert!(parsed.notes.iter().any(|note| note.weight == Weight::Lost), "{:?}", parsed.notes);
        assert!(parsed.tree.nodes().count() < NODES + 10_000);
    }

    #[test]
    fn links_know_their_lines() {
        let parsed = parse("<p>\n<a href=x>y</a>\n\n<img src=z>");
        let mut lines: Vec<u32> = parsed.lines.values().copied().collect();
        lines.sort_unstable();
        assert_eq!(lines, [2, 4]);
    }
}

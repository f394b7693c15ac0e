//! The page for people who connect an agent: configuration to copy, and the tools that the agent then has.
//!
//! Beside it lie the tools' definitions as JSON, which the page's own tools for agents (WebMCP) are offered from.

use maud::{Markup, html};
use mcdewey_mcp::{Profile, tools};
use serde_json::Value;

use super::layout::{Page, absolute};
use super::{Site, SiteFile};
use crate::texts::with;

/// The page's address.
pub(super) const URL: &str = "agents/";

/// The definitions, below the site's root; `www/web-mcp.js` reads them.
const DEFINITIONS: &str = "agents/tools.json";

/// Stands for the address of a site that does not know it.
const SOMEWHERE: &str = "https://docs.example.org/";

/// The page.
pub(super) fn page(site: &Site<'_>) -> Markup {
    let texts = &site.texts.pages.agents;
    let page = Page { description: &texts.description, ..Page::at(site, URL, &texts.title) };
    let address = site.public_url.map_or_else(|| SOMEWHERE.to_owned(), |public| absolute(public, ""));
    let code = |text: &str| html! { code { (text) } };
    let server = [
        ("serve", code("mcdewey serve")),
        ("mcp", code("/mcp")),
        ("header", code("Authorization: Bearer …")),
    ];
    let more = [
        ("json", html! { a href=(page.to(DEFINITIONS)) { (texts.as_json) } }),
        ("llms", html! { a href=(page.to("llms.txt")) { "llms.txt" } }),
    ];
    let main = html! {
        header.title {
            h1 { (texts.title) }
            p.count { (texts.lead) }
        }
        article.text.leaf-body {
            p { (texts.budget) }
            h2 id="site" { (texts.site) }
            p {
                (with(&texts.site_text, &[("program", code("mcdewey"))]))
                @if site.public_url.is_none() {
                    " " (with(&texts.site_address, &[("address", code(SOMEWHERE))]))
                }
            }
            (configuration(&program(&address)))
            h2 id="folder" { (texts.folder) }
            p { (texts.folder_text) }
            (configuration(&program("/path/to/site")))
            h2 id="server" { (texts.server) }
            p { (with(&texts.server_text, &server)) }
            (configuration(&format!("\"type\": \"http\", \"url\": {}", Value::from(format!("{address}mcp")))))
            h2 id="page" { (texts.page) }
            p { (with(&texts.page_text, &[("mcp", code("/mcp"))])) }
            h2 id="tools" { (texts.tools) }
            ul { @for tool in &tools(&Profile::default()) { li { (described(site, tool)) } } }
            p { (with(&texts.definitions, &more)) }
        }
    };
    page.wrap("agents", &main)
}

/// The definitions of the tools.
pub(super) fn definitions() -> SiteFile {
    SiteFile::new(DEFINITIONS, format!("{}\n", Value::from(tools(&Profile::default()))))
}

/// A server that is a program, given the site.
fn program(site: &str) -> String {
    format!("\"command\": \"mcdewey\", \"args\": [\"mcp\", {}]", Value::from(site))
}

/// One server, as most clients read it.
fn configuration(server: &str) -> Markup {
    let all = format!("{{\n  \"mcpServers\": {{\n    \"manuals\": {{ {server} }}\n  }}\n}}");
    html! { pre tabindex="0" { code { (all) } } }
}

/// What a tool does, as agents are told it, and what it takes.
fn described(site: &Site<'_>, tool: &Value) -> Markup {
    let text = |name: &str| tool[name].as_str().unwrap_or_default();
    let takes = tool["inputSchema"]["properties"].as_object();
    let names = html! {
        @for (at, name) in takes.iter().flat_map(|properties| properties.keys()).enumerate() {
            @if at > 0 { ", " }
            code { (name) }
        }
    };
    html! {
        code { (text("name")) } ": " span lang="en" { (text("description")) } " "
        (with(&site.texts.pages.agents.takes, &[("names", names)]))
    }
}

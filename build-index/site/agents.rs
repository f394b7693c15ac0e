//! The page for people who connect an agent: configuration to copy, and the tools that the agent then has.
//!
//! Beside it lie the tools' definitions as JSON, which the page's own tools for agents (WebMCP) are offered from.

use maud::{Markup, html};
use mcdewey_mcp::{Profile, tools};
use serde_json::Value;

use super::layout::{Page, absolute};
use super::{Site, SiteFile};

/// The page's address.
pub(super) const URL: &str = "agents/";

/// The definitions, below the site's root; `www/web-mcp.js` reads them.
const DEFINITIONS: &str = "agents/tools.json";

/// Stands for the address of a site that does not know it.
const SOMEWHERE: &str = "https://docs.example.org/";

/// The page.
pub(super) fn page(site: &Site<'_>) -> Markup {
    let page =
        Page { description: "How to let an agent ask these manuals.", ..Page::at(site, URL, "Agents") };
    let address = site.public_url.map_or_else(|| SOMEWHERE.to_owned(), |public| absolute(public, ""));
    let main = html! {
        header.title {
            h1 { "Agents" }
            p.count { "Let an agent ask these manuals by the Model Context Protocol, and cite the page it read." }
        }
        article.text.leaf-body {
            p {
                "Each answer keeps to a budget of tokens, says which version it is from, and carries the citation and \
                 the link of what it quotes. Copy one of these into your client's configuration."
            }
            h2 id="site" { "This site, without a server" }
            p {
                "The program " code { "mcdewey" } " reads the published files, only those that a question needs, and \
                 keeps them, so that what was asked once can be asked without a network."
                @if site.public_url.is_none() {
                    " Put the address of this site's home page in place of " code { (SOMEWHERE) } "."
                }
            }
            (configuration(&program(&address)))
            h2 id="folder" { "A folder" }
            p { "The same for a copy of the site on the agent's machine." }
            (configuration(&program("/path/to/site")))
            h2 id="server" { "A server" }
            p {
                "Where the site is served by " code { "mcdewey serve" } ", its tools are at " code { "/mcp" }
                " over HTTP. A server that asks for a token takes it as " code { "Authorization: Bearer …" } "."
            }
            (configuration(&format!("\"type\": \"http\", \"url\": {}", Value::from(format!("{address}mcp")))))
            h2 id="page" { "In the browser" }
            p {
                "A browser that lets pages offer tools (WebMCP) finds them on every page of this site. Scripts of the \
                 site reach them at " code { "/mcp" } " below its home page, answered by a service worker on this \
                 device. Neither sends a question anywhere."
            }
            h2 id="tools" { "The tools" }
            ul { @for tool in &tools(&Profile::default()) { li { (described(tool)) } } }
            p {
                a href=(page.to(DEFINITIONS)) { "Their definitions as JSON" } ". Readers without tools find every \
                 manual in " a href=(page.to("llms.txt")) { "llms.txt" } "."
            }
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

/// What a tool does, and what it takes.
fn described(tool: &Value) -> Markup {
    let text = |name: &str| tool[name].as_str().unwrap_or_default();
    let takes = tool["inputSchema"]["properties"].as_object();
    html! {
        code { (text("name")) } ": " (text("description")) " Takes "
        @for (at, name) in takes.iter().flat_map(|properties| properties.keys()).enumerate() {
            @if at > 0 { ", " }
            code { (name) }
        }
        "."
    }
}

//! What all pages have in common: head, header with the search box, footer, and links that work under any sub-path.

use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde_json::Value;

use super::Site;
use crate::texts::{direction, with};

/// The address of the page where the ranking can be tried.
pub(super) const PLAYGROUND: &str = "playground/";

/// What a page may load: its own origin's files and nothing else. `wasm-unsafe-eval` is what compiling a wasm module
/// needs; it allows no JavaScript from strings.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
     img-src 'self' data:; connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; \
     form-action 'self'";

/// The description that a search engine or a link preview shows is cut near this many characters anyway.
const DESCRIPTION_CHARS: usize = 160;

/// The page that is being written: where it stands and what is said about it.
pub(super) struct Page<'a> {
    pub site: &'a Site<'a>,
    /// What leads from this page to the site's root: `../../`, `./`, or an absolute path on the 404 page.
    pub root: String,
    /// Address below the root, if it is to be found under one only.
    pub url: Option<&'a str>,
    /// Where the document says that it is published, if that is elsewhere.
    pub canonical: Option<&'a str>,
    pub title: &'a str,
    pub description: &'a str,
    pub language: &'a str,
    /// Product and version that a search from here looks in first.
    pub scope: Option<(String, &'a str)>,
    /// Whether the header leads to the search; a page that has its own box goes without.
    pub search: bool,
    /// Address below the root of the same as Markdown, where there is that.
    pub markdown: Option<String>,
    /// What the page is about, as schema.org tells it.
    pub structured: Option<Value>,
    /// The app's script and style for this page alone, without extension.
    pub extra: Option<&'a str>,
}

impl<'a> Page<'a> {
    /// A page at an address below the root.
    pub fn at(site: &'a Site<'a>, url: &'a str, title: &'a str) -> Self {
        Self {
            site,
            root: root_from(url),
            url: Some(url),
            canonical: None,
            title,
            description: site.description,
            language: &site.texts.language,
            scope: None,
            search: true,
            markdown: None,
            structured: None,
            extra: None,
        }
    }

    /// The language of the words around a manual, where the manual's own is another.
    pub fn own_language(&self) -> Option<&'a str> {
        let own = self.site.texts.language.as_str();
        (!self.language.eq_ignore_ascii_case(own)).then_some(own)
    }

    /// The direction of the words around a manual, where its own language has another than they.
    fn own_direction(&self) -> Option<&'static str> {
        let (own, manual) = (direction(&self.site.texts.language), direction(self.language));
        (own != manual).then(|| own.unwrap_or("ltr"))
    }

    /// A link from this page to an address below the root.
    pub fn to(&self, url: &str) -> String {
        format!("{}{url}", self.root)
    }

    /// A link to one of the app's files.
    pub fn app(&self, file: &str) -> String {
        format!("{}{}/{file}", self.root, self.site.app_base)
    }

    /// The page around `main`.
    pub fn wrap(&self, body_class: &str, main: &Markup) -> Markup {
        let site = self.site;
        let title = if self.title == site.name {
            self.title.to_owned()
        } else {
            format!("{} · {}", self.title, site.name)
        };
        let description: String = self.description.chars().take(DESCRIPTION_CHARS).collect();
        html! {
            (DOCTYPE)
            html lang=(self.language) dir=[direction(self.language)] data-root=(self.root) {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(POLICY);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) }
                    meta name="description" content=(description);
                    @if let (Some(public), Some(url)) = (site.public_url, self.url) {
                        @if self.canonical.is_none() { link rel="canonical" href=(absolute(public, url)); }
                        meta property="og:url" content=(absolute(public, url));
                    }
                    @if let Some(canonical) = self.canonical { link rel="canonical" href=(canonical); }
                    meta property="og:title" content=(title);
                    meta property="og:description" content=(description);
                    meta property="og:type" content=(if self.structured.is_some() { "article" } else { "website" });
                    meta property="og:site_name" content=(site.name);
                    @if let Some(public) = site.public_url {
                        meta property="og:image" content=(absolute(public, &format!("{}/icon-512.png", site.app_base)));
                        link rel="search" type="application/opensearchdescription+xml" title=(site.name)
                            href=(self.to("opensearch.xml"));
                    }
                    @if let Some(markdown) = &self.markdown {
                        link rel="alternate" type="text/markdown" href=(self.to(markdown));
                    }
                    link rel="icon" type="image/svg+xml" href=(self.app("favicon.svg"));
                    link rel="apple-touch-icon" href=(self.app("icon-192.png"));
                    link rel="manifest" href=(self.to("manifest.webmanifest"));
                    meta name="theme-color" content="#faf7f0" media="(prefers-color-scheme: light)";
                    meta name="theme-color" content="#181613" media="(prefers-color-scheme: dark)";
                    link rel="stylesheet" href=(self.app("style.css"));
                    script type="module" src=(self.app("page.js")) {}
                    @if let Some(extra) = self.extra {
                        link rel="stylesheet" href=(self.app(&format!("{extra}.css")));
                        script type="module" src=(self.app(&format!("{extra}.js"))) {}
                    }
                    @if let Some(structured) = &self.structured {
                        script type="application/ld+json" { (PreEscaped(in_script(structured))) }
                    }
                }
                body class=(body_class) {
                    a.skip href="#main" lang=[self.own_language()] { (site.texts.pages.frame.skip) }
                    (self.header())
                    main id="main" { (main) }
                    (self.footer())
                }
            }
        }
    }

    fn header(&self) -> Markup {
        let texts = &self.site.texts.pages.frame;
        html! {
            header.top lang=[self.own_language()] dir=[self.own_direction()] {
                a.brand href=(self.root) {
                    img src=(self.app("favicon.svg")) alt="" width="28" height="28";
                    span { (self.site.name) }
                }
                @if self.search { (self.finder()) }
                nav.site aria-label=(texts.site) { a href=(format!("{}#shelves", self.root)) { (texts.browse) } }
            }
        }
    }

    /// The search box: a plain form, which the script turns into a box that answers while one types.
    ///
    /// `standing`: the results are the page, not a panel above it.
    pub fn search_box(&self, standing: bool) -> Markup {
        let (product, version) =
            self.scope.as_ref().map_or(("", ""), |(product, version)| (product, version));
        html! {
            mcdewey-search root=(self.root) product=[some(product)] version=[some(version)] standing[standing] {
                (self.form())
            }
        }
    }

    /// The way to the search from a page that is about something else: a plain form, which the script turns into a button
    /// that opens a dialog.
    fn finder(&self) -> Markup {
        let (product, version) =
            self.scope.as_ref().map_or(("", ""), |(product, version)| (product, version));
        html! {
            div.finder data-product=[some(product)] data-version=[some(version)] { (self.form()) }
        }
    }

    fn form(&self) -> Markup {
        let texts = &self.site.texts.pages.frame;
        html! {
            form role="search" action=(self.to("search/")) method="get" {
                label.unseen for="q" { (texts.search_the_library) }
                input id="q" name="q" type="search" placeholder=(texts.search_the_library) autocomplete="off"
                    autocapitalize="none" spellcheck="false" enterkeyhint="search";
                button type="submit" { (texts.search) }
            }
        }
    }

    fn footer(&self) -> Markup {
        let texts = &self.site.texts.pages.frame;
        html! {
            footer.end lang=[self.own_language()] dir=[self.own_direction()] {
                p { (with(&texts.private, &[("name", html! { (self.site.name) })])) }
                p {
                    a href=(self.to("search/")) { (texts.search) } " · "
                    a href=(format!("{}#shelves", self.root)) { (texts.all_manuals) } " · "
                    a href=(self.to("agents/")) { (texts.agents) } " · "
                    a href=(self.to("llms.txt")) { (texts.for_models) } " · "
                    a href=(self.to("build-report/")) { (texts.build_report) } " · "
                    a href=(self.to(PLAYGROUND)) { (texts.playground) }
                    span { " · " button.link type="button" hidden data-opens="storage" { (texts.on_this_device) } }
                }
            }
        }
    }
}

/// JSON that cannot end the script it stands in.
fn in_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// The steps from an address to the site's root.
fn root_from(url: &str) -> String {
    match url.matches('/').count() {
        0 => "./".to_owned(),
        depth => "../".repeat(depth),
    }
}

/// An address below the root as the world knows it.
pub(super) fn absolute(public_url: &str, url: &str) -> String {
    format!("{}/{url}", public_url.trim_end_matches('/'))
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

/// A product as a request names it: unambiguous where two vendors use one name.
pub(super) fn scope_name(vendor: Option<&str>, product: &str) -> String {
    vendor.map_or_else(|| product.to_owned(), |vendor| format!("{vendor}/{product}"))
}

/// A trail of links, outermost first; the last one is the page itself and no link.
pub(super) fn breadcrumb(page: &Page<'_>, trail: &[(&str, &str)], here: &str) -> Markup {
    let texts = &page.site.texts.pages.frame;
    html! {
        nav.trail aria-label=(texts.breadcrumb) lang=[page.own_language()] {
            ol {
                li { a href=(page.root) { (texts.library) } }
                @for (name, url) in trail { li { a href=(page.to(url)) { (name) } } }
                li aria-current="page" { (here) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_depth_finds_the_root() {
        assert_eq!(root_from(""), "./");
        assert_eq!(root_from("search/"), "../");
        assert_eq!(root_from("acme/phone/v2/guide/"), "../../../../");
    }

    #[test]
    fn no_title_ends_the_script_that_it_stands_in() {
        let text = in_script(&serde_json::json!({ "name": "</script><script>alert(1)</script>" }));
        assert!(!text.contains('<'), "{text}");
        assert_eq!(
            serde_json::from_str::<Value>(&text).unwrap()["name"],
            "</script><script>alert(1)</script>"
        );
    }

    #[test]
    fn the_policy_allows_no_inline_code() {
        assert!(!POLICY.contains("unsafe-inline"));
    }
}

//! PDFs written by hand: small ones to see what is read of them, and hostile ones that nobody should have to download.
//!
//! ```text
//! Pdf::new().page("BT /F1 12 Tf 72 700 Td (text) Tj ET").bytes()
//! ```

use std::fmt::Write as _;

/// A PDF in the making: its objects, of which the first three are catalog, page tree and fonts.
pub struct Pdf {
    objects: Vec<Vec<u8>>,
    pages: Vec<usize>,
    catalog: String,
    trailer: String,
}

/// Where the fonts stand: `/F1` Helvetica, `/F2` Helvetica-Bold, `/F3` Courier.
const FONTS: usize = 3;

impl Default for Pdf {
    fn default() -> Self {
        Self::new()
    }
}

impl Pdf {
    /// A PDF without pages.
    pub fn new() -> Self {
        let font =
            |name: &str| format!("<</Type/Font/Subtype/Type1/BaseFont/{name}/Encoding/WinAnsiEncoding>>");
        let fonts = format!(
            "<</Font<</F1 {}/F2 {}/F3 {}>>>>",
            font("Helvetica"),
            font("Helvetica-Bold"),
            font("Courier")
        );
        let objects = vec![Vec::new(), Vec::new(), fonts.into_bytes()];
        Self { objects, pages: Vec::new(), catalog: String::new(), trailer: String::new() }
    }

    /// Adds an object and says its number.
    pub fn object(&mut self, body: impl Into<Vec<u8>>) -> usize {
        self.objects.push(body.into());
        self.objects.len()
    }

    /// Adds a stream; `dict` is what its dictionary has besides its length.
    pub fn stream(&mut self, dict: &str, data: &[u8]) -> usize {
        let mut body = format!("<<{dict}/Length {}>>stream\n", data.len()).into_bytes();
        body.extend_from_slice(data);
        body.extend_from_slice(b"\nendstream");
        self.object(body)
    }

    /// The number of the next page's object.
    pub fn next_page(&self) -> usize {
        self.objects.len() + 2
    }

    /// Adds a page of A4 with this content; `more` goes into its dictionary.
    #[must_use]
    pub fn page_with(mut self, content: &str, more: &str) -> Self {
        let content = self.stream("", content.as_bytes());
        let resources =
            if more.contains("/Resources") { String::new() } else { format!("/Resources {FONTS} 0 R") };
        let page = self.object(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {content} 0 R{resources}{more}>>"
        ));
        self.pages.push(page);
        self
    }

    /// Adds a page.
    #[must_use]
    pub fn page(self, content: &str) -> Self {
        self.page_with(content, "")
    }

    /// Adds a page that says these lines from its top.
    #[must_use]
    pub fn lines(self, lines: &[&str]) -> Self {
        self.page(&text(72.0, 760.0, 12.0, lines))
    }

    /// Adds entries to the catalog.
    #[must_use]
    pub fn catalog(mut self, entries: &str) -> Self {
        self.catalog.push_str(entries);
        self
    }

    /// Adds entries to the trailer.
    #[must_use]
    pub fn trailer(mut self, entries: &str) -> Self {
        self.trailer.push_str(entries);
        self
    }

    /// The file.
    pub fn bytes(mut self) -> Vec<u8> {
        self.objects[0] = format!("<</Type/Catalog/Pages 2 0 R{}>>", self.catalog).into_bytes();
        let kids: String = self.pages.iter().fold(String::new(), |mut kids, page| {
            let _ = write!(kids, "{page} 0 R ");
            kids
        });
        self.objects[1] = format!("<</Type/Pages/Count {}/Kids[{kids}]>>", self.pages.len()).into_bytes();
        let mut out = b"%PDF-1.7\n".to_vec();
        let mut table = String::new();
        for (number, body) in (1..).zip(&self.objects) {
            let _ = writeln!(table, "{:010} 00000 n ", out.len());
            out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
            out.extend_from_slice(body);
            out.extend_from_slice(b"\nendobj\n");
        }
        let count = self.objects.len() + 1;
        let from = out.len();
        out.extend_from_slice(
            format!(
                "xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<</Size {count}/Root 1 0 R{}>>\nstartxref\n{from}\n%%EOF",
                self.trailer
            )
            .as_bytes(),
        );
        out
    }
}

/// Content that says these lines from (x, y) down.
pub fn text(x: f32, y: f32, size: f32, lines: &[&str]) -> String {
    font_text("F1", x, y, size, lines)
}

/// The same in another font.
pub fn font_text(font: &str, x: f32, y: f32, size: f32, lines: &[&str]) -> String {
    let mut out = format!("BT /{font} {size} Tf {} TL {x} {y} Td\n", size * 1.2);
    for line in lines {
        let escaped = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
        let _ = writeln!(out, "({escaped}) Tj T*");
    }
    out + "ET\n"
}

/// A grid of rules with its left upper corner at (x, y).
pub fn grid(x: f32, y: f32, widths: &[f32], heights: &[f32]) -> String {
    let (width, height): (f32, f32) = (widths.iter().sum(), heights.iter().sum());
    let mut out = "0.5 w\n".to_owned();
    let mut at = y;
    for step in std::iter::once(&0.0).chain(heights) {
        at -= step;
        let _ = writeln!(out, "{x} {at} m {} {at} l S", x + width);
    }
    let mut at = x;
    for step in std::iter::once(&0.0).chain(widths) {
        at += step;
        let _ = writeln!(out, "{at} {y} m {at} {} l S", y - height);
    }
    out
}

//! An answer, and what the protocol makes of it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::budget;

/// Pictures up to this size travel inside an answer (a third more as text); larger ones are linked.
const LARGEST_PICTURE: usize = 1500 << 10;

/// Kinds of picture that clients can show to a model.
const SHOWN: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// A picture that belongs to an answer; the host fetches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Path below the site's root.
    pub path: String,
    /// Its media type, by its name.
    pub mime: &'static str,
    /// Its resource.
    pub uri: String,
    /// Its permalink.
    pub url: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Reply {
    /// What the agent reads.
    pub text: String,
    /// Whether it says why there is no answer.
    pub is_error: bool,
    /// A picture to go with it.
    pub picture: Option<Picture>,
    /// What the text costs.
    pub tokens: usize,
    /// Ids in the order of the text, for programs.
    pub ids: Vec<String>,
    /// Where it goes on.
    pub cursor: Option<String>,
    /// The build that it was read from.
    pub build: String,
    /// The uri that was read, for resources.
    pub uri: Option<String>,
}

impl Reply {
    /// An answer.
    pub(crate) fn new(text: String, build: &str) -> Self {
        Self {
            tokens: budget::tokens(&text),
            text,
            is_error: false,
            picture: None,
            ids: Vec::new(),
            cursor: None,
            build: build.to_owned(),
            uri: None,
        }
    }

    /// A sentence that says why there is no answer, and what exists instead.
    pub(crate) fn refused(sentence: &str, build: &str) -> Self {
        Self { is_error: true, ..Self::new(format!("{sentence}\n[build {build}]"), build) }
    }

    /// The result of a tool, as the protocol has it. `picture` holds the bytes of [`Reply::picture`], or why they
    /// could not be had.
    pub fn tool_result(&self, picture: Option<Result<Vec<u8>, String>>) -> Value {
        let mut text = self.text.clone();
        let mut is_error = self.is_error;
        let mut more = None;
        if let Some(wanted) = &self.picture {
            match picture.unwrap_or_else(|| Err("it was not fetched".into())) {
                Ok(bytes) if SHOWN.contains(&wanted.mime) && bytes.len() <= LARGEST_PICTURE => {
                    let data = STANDARD.encode(&bytes);
                    more = Some(json!({ "type": "image", "data": data, "mimeType": wanted.mime }));
                }
                Ok(bytes) => {
                    let size = bytes.len().div_ceil(1000);
                    text = format!("{text}\nThe picture ({}, {size} kB) is linked, not shown.", wanted.mime);
                    let name = wanted.path.rsplit('/').next().unwrap_or(&wanted.path);
                    more = Some(json!({
                        "type": "resource_link", "uri": wanted.uri, "name": name, "mimeType": wanted.mime,
                        "size": bytes.len(),
                    }));
                }
                Err(reason) => {
                    is_error = true;
                    text = format!("{text}\nThe picture could not be read: {reason}.");
                }
            }
        }
        let mut content = vec![json!({ "type": "text", "text": text })];
        content.extend(more);
        json!({ "content": content, "isError": is_error, "_meta": self.meta() })
    }

    /// The content of a resource, as the protocol has it.
    ///
    /// # Errors
    /// A sentence for people when its picture could not be had.
    pub fn resource(&self, picture: Option<Result<Vec<u8>, String>>) -> Result<Value, String> {
        let uri = self.uri.clone().unwrap_or_default();
        let content = match &self.picture {
            None => json!({ "uri": uri, "mimeType": "text/plain", "text": self.text }),
            Some(wanted) => {
                let bytes = picture.unwrap_or_else(|| Err("it was not fetched".into()))?;
                json!({ "uri": uri, "mimeType": wanted.mime, "blob": STANDARD.encode(&bytes) })
            }
        };
        Ok(json!({ "contents": [content], "_meta": self.meta() }))
    }

    fn meta(&self) -> Value {
        let mut meta = json!({ "mcdewey/build": self.build, "mcdewey/tokens": self.tokens });
        if !self.ids.is_empty() {
            meta["mcdewey/ids"] = json!(self.ids);
        }
        if let Some(cursor) = &self.cursor {
            meta["mcdewey/cursor"] = json!(cursor);
        }
        meta
    }
}

/// The media type of a picture by its name.
pub(crate) fn mime(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "png" => "image/png",
        "apng" => "image/apng",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "svg" => "image/svg+xml",
        "avif" => "image/avif",
        "bmp" => "image/bmp",
        "ico" => "image/x-icon",
        _ => "application/octet-stream",
    }
}

//! The encoder module of the browser: query text to vector.
//!
//! A skin over `mcdewey-embed` and nothing more: bytes come in (the page fetches them), a `Float32Array` goes out.
//! It is a module of its own because the engine outweighs the whole search module; a page that answers by keyword never
//! loads it.
//!
//! ```js
//! import init, { Encoder } from "./mcdewey_www_encoder.js";
//! await init();
//! const encoder = new Encoder("encoder.mcd", new Uint8Array(bytes));
//! const vector = encoder.embed("close the inlet valve");   // Float32Array, encoder.dims numbers, unit length
//! ```
//!
//! What fails throws an object `{ code, message, hint }`.

use mcdewey_embed::EmbedError;
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// What is thrown: a stable word, a sentence, and the way out.
#[derive(Serialize)]
struct Failure<'a> {
    code: &'a str,
    message: &'a str,
    hint: &'a str,
}

fn thrown(error: &EmbedError) -> JsValue {
    let failure = Failure { code: error.code(), message: &error.to_string(), hint: error.hint() };
    serde_wasm_bindgen::to_value(&failure).unwrap_or_else(|_| JsValue::from_str(error.code()))
}

/// An encoder that is ready; see `mcdewey_embed::Encoder`.
#[wasm_bindgen]
pub struct Encoder(mcdewey_embed::Encoder);

#[wasm_bindgen]
impl Encoder {
    /// Makes an encoder of the bytes of an encoder file; `fileName` is used in messages.
    ///
    /// # Errors
    /// `{ code: "encoder-file" }` if the bytes are not such a file, `{ code: "encoder-engine" }` if it cannot be run.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(js_name = fileName)] file_name: &str,
        bytes: &[u8],
    ) -> Result<Encoder, JsValue> {
        mcdewey_embed::Encoder::from_bytes(file_name, bytes).map(Self).map_err(|error| thrown(&error))
    }

    /// The vector of `text`: `dims` numbers of unit length.
    ///
    /// # Errors
    /// `{ code: "encoder-engine" }` if the transformer stopped.
    pub fn embed(&self, text: &str) -> Result<Vec<f32>, JsValue> {
        self.0.embed(text).map_err(|error| thrown(&error))
    }

    /// The ids that the transformer sees for `text`.
    #[wasm_bindgen(js_name = tokenIds)]
    pub fn token_ids(&self, text: &str) -> Vec<u32> {
        self.0.token_ids(text)
    }

    /// Sixteen hexadecimal digits that a site's vectors name their encoder by.
    pub fn fingerprint(&self) -> String {
        format!("{:016x}", self.0.fingerprint())
    }

    /// Numbers in a vector.
    #[wasm_bindgen(getter)]
    pub fn dims(&self) -> usize {
        self.0.dims()
    }
}

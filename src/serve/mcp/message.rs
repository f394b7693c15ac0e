//! Is this a message of the protocol at all?
//!
//! Asked before anything else reads it, so that what is malformed gets JSON-RPC's own code and one plain sentence, and
//! so that neither depth nor length can cost much. What the message means is for others to say.

use serde_json::{Value, json};

/// Deepest nesting of a message: arguments of a tool are two levels below the top.
const DEEPEST: usize = 32;
/// The text is no JSON.
const PARSE_ERROR: i32 = -32700;
/// It is JSON, but no message.
const INVALID_REQUEST: i32 = -32600;

/// Methods that are told apart in logs and metrics; other names come from clients and are not repeated.
const METHODS: [&str; 14] = [
    "initialize",
    "notifications/initialized",
    "notifications/cancelled",
    "ping",
    "server/discover",
    "tools/list",
    "resources/list",
    "resources/templates/list",
    "resources/read",
    "prompts/list",
    "prompts/get",
    "completion/complete",
    "subscriptions/listen",
    "logging/setLevel",
];

/// Tools that are told apart there.
const TOOLS: [&str; 7] =
    ["search_docs", "read_docs", "browse_library", "get_outline", "get_page_image", "search", "fetch"];

/// Why a text is no message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Malformed {
    code: i32,
    sentence: &'static str,
    id: Value,
}

impl Malformed {
    fn new(code: i32, sentence: &'static str) -> Self {
        Self { code, sentence, id: Value::Null }
    }

    /// The answer to it.
    pub fn body(&self) -> String {
        json!({ "jsonrpc": "2.0", "id": self.id, "error": { "code": self.code, "message": self.sentence } })
            .to_string()
    }
}

/// What is called, for logs and metrics; or why the text is no message.
pub(crate) fn check(body: &[u8]) -> Result<&'static str, Malformed> {
    if depth(body) > DEEPEST {
        return Err(Malformed::new(PARSE_ERROR, "the message is nested too deeply"));
    }
    let Ok(message) = serde_json::from_slice::<Value>(body) else {
        return Err(Malformed::new(PARSE_ERROR, "the message is not JSON"));
    };
    let invalid = |sentence| Err(Malformed::new(INVALID_REQUEST, sentence));
    let Value::Object(message) = message else {
        return match message {
            Value::Array(_) => invalid("batches are not part of the protocol; send one message a request"),
            _ => invalid("a message is an object"),
        };
    };
    match message.get("id") {
        Some(Value::Null) => return invalid("the id of a request is a text or a number, not null"),
        Some(Value::String(_) | Value::Number(_)) | None => {}
        Some(_) => return invalid("the id of a request is a text or a number"),
    }
    let wrong = |sentence| {
        let id = message.get("id").cloned().unwrap_or_default();
        Err(Malformed { id, ..Malformed::new(INVALID_REQUEST, sentence) })
    };
    if message.get("jsonrpc") != Some(&json!("2.0")) {
        return wrong("expected \"jsonrpc\": \"2.0\"");
    }
    match message.get("method") {
        Some(Value::String(method)) if method == "tools/call" => {
            let name = message.get("params").and_then(|params| params.get("name")).and_then(Value::as_str);
            Ok(name.and_then(|name| TOOLS.into_iter().find(|tool| *tool == name)).unwrap_or("tools/call"))
        }
        Some(Value::String(method)) => {
            Ok(METHODS.into_iter().find(|known| known == method).unwrap_or("other"))
        }
        Some(_) => wrong("the method is a text"),
        None if message.contains_key("result") || message.contains_key("error") => Ok("response"),
        None => wrong("expected a method"),
    }
}

/// How deeply brackets are nested outside of texts.
fn depth(body: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0usize, 0, false, false);
    for &byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_named_without_repeating_a_client() {
        for (body, call) in [
            (r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#, "tools/list"),
            (
                r#"{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"search_docs"}}"#,
                "search_docs",
            ),
            (r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"<script>"}}"#, "tools/call"),
            (r#"{"jsonrpc":"2.0","id":1,"method":"secret words"}"#, "other"),
            (r#"{"jsonrpc":"2.0","id":1,"result":{}}"#, "response"),
        ] {
            assert_eq!(check(body.as_bytes()), Ok(call));
        }
    }

    #[test]
    fn what_is_no_message_gets_its_code() {
        let deep = format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"x\",\"params\":{}1{}}}",
            "[".repeat(99),
            "]".repeat(99)
        );
        for (body, code) in [
            ("", PARSE_ERROR),
            ("{", PARSE_ERROR),
            ("{\"jsonrpc\":\"2.0\",\"id\":NaN}", PARSE_ERROR),
            (&deep, PARSE_ERROR),
            ("\"text\"", INVALID_REQUEST),
            (r#"[{"jsonrpc":"2.0","id":1,"method":"ping"}]"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1,"method":5}"#, INVALID_REQUEST),
            (r#"{"jsonrpc":"2.0","id":1}"#, INVALID_REQUEST),
        ] {
            assert_eq!(check(body.as_bytes()).unwrap_err().code, code, "{body}");
        }
        let echoed = check(br#"{"jsonrpc":"2.0","id":7}"#).unwrap_err().body();
        assert!(echoed.contains("\"id\":7"), "{echoed}");
    }

    #[test]
    fn brackets_in_texts_are_no_depth() {
        assert_eq!(depth(br#"{"a":"[[[[\"[[","b":[1]}"#), 2);
    }
}

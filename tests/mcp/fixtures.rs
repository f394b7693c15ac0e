//! The conformance suite's own tools, prompts and resources, behind the endpoint of `mcdewey serve`.
//!
//! ```text
//! suite ─► room, rate, token, message, Origin, Host, headers ─► rmcp ─► these fixtures
//!          └────────── as in `mcdewey serve` ──────────────┘            instead of the library
//! ```
//!
//! Most scenarios of the suite call what only its example server has. With these behind it, the suite says whether our
//! endpoint lets through all that the protocol can say. What needs a stream fails here too, since there is none.
//!
//! ```sh
//! mcp-fixtures SITE      # prints the address, serves until it is stopped
//! ```

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::process::ExitCode;

use mcdewey_serve::{Options, Tools, serve_behind};
use rmcp::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult,
    ErrorData, GetPromptRequestParams, GetPromptResponse, GetPromptResult, InputRequiredResult,
    ListPromptsResult, ListResourceTemplatesResult, ListResourcesResult, ListToolsResult,
    PaginatedRequestParams, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult,
    ServerCapabilities, ServerConfig,
};
use rmcp::service::{RequestContext, RoleServer};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// A red pixel.
const PNG: &str =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC";
/// No sound.
const WAV: &str = "UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=";

/// Tools that answer at once.
const SIMPLE: [&str; 6] = [
    "test_simple_text",
    "test_image_content",
    "test_audio_content",
    "test_embedded_resource",
    "test_multiple_content_types",
    "test_error_handling",
];

/// Tools that ask before they answer.
const ASKING: [&str; 8] = [
    "test_input_required_result_elicitation",
    "test_input_required_result_sampling",
    "test_input_required_result_list_roots",
    "test_input_required_result_request_state",
    "test_input_required_result_multiple_inputs",
    "test_input_required_result_multi_round",
    "test_input_required_result_tampered_state",
    "test_input_required_result_capabilities",
];

#[derive(Clone)]
struct Fixtures;

#[tokio::main]
async fn main() -> ExitCode {
    let Some(site) = std::env::args_os().nth(1).map(PathBuf::from) else {
        println!("mcp-fixtures SITE");
        return ExitCode::FAILURE;
    };
    let ready = |addr| println!("Tools for agents at http://{addr}/mcp");
    // The suite asks faster than the limit for one client allows.
    let options = Options { per_minute: NonZeroU32::new(100_000), ..Options::default() };
    let tools = Tools { options, word_by_word: true, ..Tools::default() };
    let served = serve_behind(|_, _| Fixtures, site, ([127, 0, 0, 1], 0).into(), Some(tools), ready).await;
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn of<T: DeserializeOwned>(value: Value) -> Result<T, ErrorData> {
    serde_json::from_value(value).map_err(|error| ErrorData::internal_error(error.to_string(), None))
}

/// A list that may be kept for a minute.
fn listed<T: DeserializeOwned>(mut list: Value) -> Result<T, ErrorData> {
    list["resultType"] = json!("complete");
    list["ttlMs"] = json!(60_000);
    list["cacheScope"] = json!("private");
    of(list)
}

fn unknown(what: &str) -> ErrorData {
    ErrorData::invalid_params(format!("there is no such {what}"), None)
}

fn text(text: &str) -> Value {
    json!({ "type": "text", "text": text })
}

fn image() -> Value {
    json!({ "type": "image", "data": PNG, "mimeType": "image/png" })
}

fn resource(uri: &str, mime: &str, text: &str) -> Value {
    json!({ "type": "resource", "resource": { "uri": uri, "mimeType": mime, "text": text } })
}

/// What a tool answers at once.
fn simple(name: &str) -> Option<Value> {
    let content = match name {
        "test_simple_text" => json!([text("This is a simple text response for testing.")]),
        "test_image_content" => json!([image()]),
        "test_audio_content" => json!([{ "type": "audio", "data": WAV, "mimeType": "audio/wav" }]),
        "test_embedded_resource" => json!([resource("test://embedded-resource", "text/plain", "Embedded.")]),
        "test_multiple_content_types" => json!([
            text("Multiple content types test:"),
            image(),
            resource("test://mixed-content-resource", "application/json", "{\"value\":123}"),
        ]),
        "test_error_handling" => json!([text("This tool intentionally returns an error for testing")]),
        _ => return None,
    };
    Some(json!({ "content": content, "isError": name == "test_error_handling", "resultType": "complete" }))
}

fn elicit(message: &str, property: &str, kind: &str) -> Value {
    let schema =
        json!({ "type": "object", "properties": { property: { "type": kind } }, "required": [property] });
    json!({ "method": "elicitation/create", "params": { "mode": "form", "message": message, "requestedSchema": schema } })
}

fn sample(question: &str) -> Value {
    let messages = json!([{ "role": "user", "content": text(question) }]);
    json!({ "method": "sampling/createMessage", "params": { "messages": messages, "maxTokens": 100 } })
}

fn roots() -> Value {
    json!({ "method": "roots/list", "params": {} })
}

/// What a tool or prompt asks, round by round.
fn rounds(name: &str) -> Option<Vec<Value>> {
    Some(match name {
        "test_input_required_result_elicitation" => {
            vec![json!({ "user_name": elicit("What is your name?", "name", "string") })]
        }
        "test_input_required_result_sampling" => {
            vec![json!({ "capital_question": sample("What is the capital of France?") })]
        }
        "test_input_required_result_list_roots" => vec![json!({ "client_roots": roots() })],
        "test_input_required_result_request_state" | "test_input_required_result_tampered_state" => {
            vec![json!({ "confirm": elicit("Please confirm", "ok", "boolean") })]
        }
        "test_input_required_result_multiple_inputs" => vec![json!({
            "user_name": elicit("What is your name?", "name", "string"),
            "greeting": sample("Generate a greeting"),
            "client_roots": roots(),
        })],
        "test_input_required_result_multi_round" => vec![
            json!({ "step1": elicit("Step 1: What is your name?", "name", "string") }),
            json!({ "step2": elicit("Step 2: What is your favorite color?", "color", "string") }),
        ],
        "test_input_required_result_capabilities" => vec![json!({
            "user_name": elicit("What is your name?", "name", "string"),
            "greeting": sample("Generate a greeting"),
        })],
        "test_input_required_result_prompt" => {
            vec![
                json!({ "user_context": elicit("What context should the prompt use?", "context", "string") }),
            ]
        }
        _ => return None,
    })
}

/// The next thing to ask, or nothing when all has been answered. The state is one of few, so any other was tampered with.
fn next(
    rounds: Vec<Value>,
    state: Option<&str>,
    answers: Option<&BTreeMap<String, Value>>,
    context: &RequestContext<RoleServer>,
) -> Result<Option<InputRequiredResult>, ErrorData> {
    let named = |round: usize| format!("round-{round}");
    let mut round = match state {
        None => 0,
        Some(state) => (0..rounds.len())
            .find(|&round| named(round) == state)
            .ok_or_else(|| ErrorData::invalid_params("this requestState was never given out", None))?,
    };
    let client = context.client_capabilities().unwrap_or_default();
    let can = |ask: &Value| match ask["method"].as_str() {
        Some("elicitation/create") => client.elicitation.is_some(),
        Some("sampling/createMessage") => client.sampling.is_some(),
        _ => true,
    };
    let asked = |round: usize| {
        let all = rounds.get(round)?.as_object()?.iter();
        Some(all.filter(|(_, ask)| can(ask)).map(|(key, ask)| (key.clone(), ask.clone())).collect())
    };
    let wanted: Option<serde_json::Map<String, Value>> = asked(round);
    let has = |key: &String| answers.and_then(|answers| answers.get(key)).is_some_and(Value::is_object);
    if wanted.is_some_and(|wanted| wanted.keys().all(has)) {
        round += 1;
    }
    let Some(requests) = asked(round) else { return Ok(None) };
    of(json!({ "resultType": "input_required", "inputRequests": requests, "requestState": named(round) }))
        .map(Some)
}

/// The messages of a prompt.
fn prompt(name: &str, argument: impl Fn(&str) -> String) -> Option<Value> {
    let contents = match name {
        "test_simple_prompt" => vec![text("This is a simple prompt for testing.")],
        "test_prompt_with_arguments" => {
            let (one, two) = (argument("arg1"), argument("arg2"));
            vec![text(&format!("Prompt with arguments: arg1='{one}', arg2='{two}'"))]
        }
        "test_prompt_with_embedded_resource" => {
            vec![resource(&argument("resourceUri"), "text/plain", "Embedded."), text("Please process it.")]
        }
        "test_prompt_with_image" => vec![image(), text("Please analyze the image above.")],
        "test_input_required_result_prompt" => vec![text("With the context that was given.")],
        _ => return None,
    };
    let messages: Vec<Value> =
        contents.into_iter().map(|content| json!({ "role": "user", "content": content })).collect();
    Some(json!({ "messages": messages, "resultType": "complete" }))
}

impl ServerHandler for Fixtures {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder();
        ServerConfig::new(
            capabilities.enable_tools().enable_resources().enable_prompts().enable_completions().build(),
        )
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        let tool = |name: &&str| json!({ "name": name, "description": "A fixture", "inputSchema": { "type": "object" } });
        let tools: Vec<Value> = SIMPLE.iter().chain(&ASKING).map(tool).collect();
        listed(json!({ "tools": tools }))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        if let Some(answer) = simple(&request.name) {
            return of::<CallToolResult>(answer).map(Into::into);
        }
        let rounds = rounds(&request.name).ok_or_else(|| unknown("tool"))?;
        match next(rounds, request.request_state.as_deref(), request.input_responses.as_ref(), &context)? {
            Some(ask) => Ok(ask.into()),
            None => of::<CallToolResult>(json!({ "content": [text("state-ok")], "resultType": "complete" }))
                .map(Into::into),
        }
    }

    async fn list_resources(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        listed(json!({ "resources": [
            { "uri": "test://static-text", "name": "text", "mimeType": "text/plain" },
            { "uri": "test://static-binary", "name": "binary", "mimeType": "image/png" },
        ] }))
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        listed(
            json!({ "resourceTemplates": [{ "uriTemplate": "test://template/{id}/data", "name": "template" }] }),
        )
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri;
        let of_template = uri.strip_prefix("test://template/").and_then(|rest| rest.strip_suffix("/data"));
        let content = match (uri.as_str(), of_template) {
            ("test://static-text", _) => json!({ "uri": uri, "mimeType": "text/plain", "text": "Static." }),
            ("test://static-binary", _) => json!({ "uri": uri, "mimeType": "image/png", "blob": PNG }),
            (_, Some(id)) => {
                json!({ "uri": uri, "mimeType": "application/json", "text": json!({ "id": id }).to_string() })
            }
            _ => {
                return Err(ErrorData::resource_not_found(
                    "there is no such resource",
                    Some(json!({ "uri": uri })),
                ));
            }
        };
        listed::<ReadResourceResult>(json!({ "contents": [content] })).map(Into::into)
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        let argument = |name: &&str| json!({ "name": name, "description": "A text", "required": true });
        let prompt = |name: &str, arguments: &[&str]| {
            let arguments: Vec<Value> = arguments.iter().map(argument).collect();
            json!({ "name": name, "description": "A fixture", "arguments": arguments })
        };
        listed(json!({ "prompts": [
            prompt("test_simple_prompt", &[]),
            prompt("test_prompt_with_arguments", &["arg1", "arg2"]),
            prompt("test_prompt_with_embedded_resource", &["resourceUri"]),
            prompt("test_prompt_with_image", &[]),
            prompt("test_input_required_result_prompt", &[]),
        ] }))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        if let Some(rounds) = rounds(&request.name)
            && let Some(ask) =
                next(rounds, request.request_state.as_deref(), request.input_responses.as_ref(), &context)?
        {
            return Ok(ask.into());
        }
        let given = request.arguments.unwrap_or_default();
        let argument = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        of::<GetPromptResult>(prompt(&request.name, argument).ok_or_else(|| unknown("prompt"))?)
            .map(Into::into)
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let words = ["paris", "park", "party", "test"];
        let values: Vec<&str> =
            words.into_iter().filter(|word| word.starts_with(&request.argument.value)).collect();
        of(json!({ "completion": { "values": values, "hasMore": false }, "resultType": "complete" }))
    }
}

//! The tool surface as the protocol library wants it.
//!
//! `mcdewey-mcp` makes values, rmcp frames them: it knows both eras of the protocol (a handshake until 2025-11-25, none
//! since 2026-07-28), their headers, their error codes, and what each result must carry. Here one becomes the other.

use std::collections::BTreeMap;
use std::sync::Arc;

use mcdewey_mcp::{Ask, Place, Question, Refusal};
use rmcp::ServerHandler;
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, CompleteRequestParams, CompleteResult,
    ErrorData, GetPromptRequestParams, GetPromptResponse, Implementation, ListPromptsResult,
    ListResourceTemplatesResult, ListResourcesResult, ListToolsResult, PaginatedRequestParams,
    ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult, Reference, ServerCapabilities,
    ServerConfig, Tool,
};
use rmcp::service::{RequestContext, RoleServer};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::library::{Answered, Library};

/// How long a client may take what is listed for true, in ms: a new build is seen five minutes late at most.
const LIST_TTL_MS: u64 = 300_000;
/// The same for what is read.
const READ_TTL_MS: u64 = 60_000;

/// Answers the requests of one client.
#[derive(Debug, Clone)]
pub(crate) struct Handler {
    library: Arc<Library>,
    place: Place,
}

impl Handler {
    pub fn new(library: Arc<Library>, place: Place) -> Self {
        Self { library, place }
    }

    /// Asks the library on a thread that may wait for a disk.
    async fn ask(&self, ask: Ask) -> Result<Answered, ErrorData> {
        let (library, place) = (self.library.clone(), self.place.clone());
        let asked = tokio::task::spawn_blocking(move || library.ask(&place, Question::new(ask)));
        match asked.await {
            Ok(Ok(answered)) => Ok(answered),
            Ok(Err(Refusal::Unknown(sentence))) => Err(ErrorData::invalid_params(sentence, None)),
            Ok(Err(Refusal::Broken(sentence))) => {
                tracing::error!(problem = sentence, "the index cannot be read");
                Err(ErrorData::internal_error(
                    "the index cannot be read; its operator has to build the site again",
                    None,
                ))
            }
            Err(_) => {
                tracing::error!("answering stopped unexpectedly");
                Err(ErrorData::internal_error("answering stopped unexpectedly; ask again", None))
            }
        }
    }
}

/// Values to the library's own types, which know what each revision of the protocol leaves out.
fn of<T: DeserializeOwned>(value: Value) -> Result<T, ErrorData> {
    serde_json::from_value(value).map_err(|error| {
        tracing::error!(problem = error.to_string(), "an answer does not have the protocol's shape");
        ErrorData::internal_error("the answer could not be written", None)
    })
}

/// A list with what says how long it may be kept.
fn listed(mut list: Value, ttl: u64) -> Value {
    list["resultType"] = json!("complete");
    list["ttlMs"] = json!(ttl);
    list["cacheScope"] = json!("private");
    list
}

impl ServerHandler for Handler {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_resources()
            .enable_prompts()
            .enable_completions()
            .build();
        let mut own = Implementation::new("mcdewey", env!("CARGO_PKG_VERSION"));
        own.title = Some("McDewey manuals".into());
        ServerConfig::new(capabilities)
            .with_server_info(own)
            .with_instructions(self.library.instructions(&self.place.profile))
    }

    fn get_tool(&self, name: &str) -> Option<Tool> {
        let tools = mcdewey_mcp::tools(&self.place.profile);
        tools.into_iter().find(|tool| tool["name"] == name).and_then(|tool| serde_json::from_value(tool).ok())
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        of(listed(json!({ "tools": mcdewey_mcp::tools(&self.place.profile) }), LIST_TTL_MS))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let arguments = request.arguments.map_or(Value::Null, Value::Object);
        let ask = Ask::Tool { name: request.name.into_owned(), arguments };
        match self.ask(ask).await? {
            Answered::Reply(reply, picture) => {
                let mut result = reply.tool_result(picture);
                result["resultType"] = json!("complete");
                of::<CallToolResult>(result).map(Into::into)
            }
            Answered::List(_) => Err(ErrorData::internal_error("the answer could not be written", None)),
        }
    }

    async fn list_resources(
        &self,
        request: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourcesResult, ErrorData> {
        let cursor = request.and_then(|request| request.cursor);
        match self.ask(Ask::Resources { cursor }).await? {
            Answered::List(list) => of(listed(list, LIST_TTL_MS)),
            Answered::Reply(..) => Err(ErrorData::internal_error("the answer could not be written", None)),
        }
    }

    async fn list_resource_templates(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        of(listed(json!({ "resourceTemplates": mcdewey_mcp::templates() }), LIST_TTL_MS))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let uri = request.uri;
        match self.ask(Ask::Resource { uri: uri.clone() }).await {
            Ok(Answered::Reply(reply, picture)) => {
                let content =
                    reply.resource(picture).map_err(|reason| ErrorData::internal_error(reason, None))?;
                of::<ReadResourceResult>(listed(content, READ_TTL_MS)).map(Into::into)
            }
            Ok(Answered::List(_)) => Err(ErrorData::internal_error("the answer could not be written", None)),
            Err(error) if error.code == rmcp::model::ErrorCode::INVALID_PARAMS => {
                Err(ErrorData::resource_not_found(error.message, Some(json!({ "uri": uri }))))
            }
            Err(error) => Err(error),
        }
    }

    async fn list_prompts(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListPromptsResult, ErrorData> {
        of(listed(json!({ "prompts": [] }), LIST_TTL_MS))
    }

    async fn get_prompt(
        &self,
        _: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        Err(ErrorData::invalid_params("there are no prompts; the tools are in tools/list", None))
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CompleteResult, ErrorData> {
        let Reference::Resource(template) = request.r#ref else {
            return Err(ErrorData::invalid_params("there are no prompts to complete", None));
        };
        let given = request.context.and_then(|context| context.arguments).unwrap_or_default();
        let ask = Ask::Complete {
            template: template.uri,
            variable: request.argument.name,
            typed: request.argument.value,
            given: given.into_iter().collect::<BTreeMap<_, _>>(),
        };
        match self.ask(ask).await? {
            Answered::List(mut list) => {
                list["resultType"] = json!("complete");
                of(list)
            }
            Answered::Reply(..) => Err(ErrorData::internal_error("the answer could not be written", None)),
        }
    }
}

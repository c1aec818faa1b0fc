//! The server: handlers put events into a queue, one task takes them out.
//!
//! tower-lsp runs handlers concurrently, but starts each in the order of the messages. A handler
//! enqueues before it waits for anything, so the queue has that order too.

use std::io;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tower_lsp::jsonrpc::Result;
use tower_lsp::lsp_types::{
    DidChangeTextDocumentParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, GotoDefinitionParams, GotoDefinitionResponse, Hover, HoverParams,
    HoverProviderCapability, InitializeParams, InitializeResult, MessageType, OneOf,
    ServerCapabilities, ServerInfo, TextDocumentPositionParams, TextDocumentSyncCapability,
    TextDocumentSyncKind, TextDocumentSyncOptions, Url,
};
use tower_lsp::{Client, LanguageServer, LspService, Server};

use crate::analysis;
use crate::frames;
use crate::protocol;
use crate::state::{Action, Event, Question, State};

/// How long an analysis may take.
const DEADLINE: Duration = Duration::from_millis(1500);

/// How many messages may be under way; questions wait for the analysis of their text.
const CONCURRENCY: usize = 64;

/// Serves an editor over standard input and output until it says `exit` or closes the input.
///
/// Errors only if the machine has no thread to offer.
pub fn serve_stdio() -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // Standard input is read on a thread that cannot be interrupted.
    runtime.shutdown_background();
    Ok(())
}

/// Serves an editor over any pair of streams, within a runtime that has timers.
pub async fn serve(input: impl AsyncRead + Unpin, output: impl AsyncWrite) {
    let (service, socket) = LspService::new(|client| {
        let (queue, events) = mpsc::unbounded_channel();
        tokio::spawn(work(client, queue.downgrade(), events));
        Backend { queue }
    });
    let (messages, checked) = tokio::io::duplex(1 << 16);
    let server = Server::new(checked, output, socket).concurrency_level(CONCURRENCY);
    let forward = async {
        // The connection has broken or ended; the server finishes what it has got.
        drop(frames::forward(input, messages).await);
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = server.serve(service) => {}
        () = forward => {}
    }
}

/// Takes events out of the queue, one at a time, and does what they lead to.
async fn work(
    client: Client,
    queue: mpsc::WeakUnboundedSender<Event>,
    mut events: mpsc::UnboundedReceiver<Event>,
) {
    let analyse = analysis::start(move |task, result| {
        // Without handlers nobody needs the result.
        if let Some(queue) = queue.upgrade() {
            let (file, revision) = (task.file, task.revision);
            drop(queue.send(Event::Analysed {
                file,
                revision,
                result,
            }));
        }
    });
    let mut state = State::default();
    while let Some(event) = events.recv().await {
        for action in state.handle(event) {
            match action {
                Action::Publish {
                    uri,
                    version,
                    messages,
                } => {
                    if let Ok(uri) = Url::parse(&uri) {
                        let diagnostics = messages.iter().map(protocol::diagnostic).collect();
                        client.publish_diagnostics(uri, diagnostics, version).await;
                    }
                }
                Action::Log(text) => client.log_message(MessageType::ERROR, text).await,
                Action::Start(task) => {
                    let cancel = task.cancel.clone();
                    tokio::spawn(async move {
                        tokio::time::sleep(DEADLINE).await;
                        cancel.store(true, Ordering::Relaxed);
                    });
                    // The thread lives as long as this sender.
                    drop(analyse.send(task));
                }
            }
        }
    }
}

/// The handlers.
struct Backend {
    queue: mpsc::UnboundedSender<Event>,
}

impl Backend {
    fn enqueue(&self, event: Event) {
        // The other end lives as long as this one.
        drop(self.queue.send(event));
    }

    /// Asks about a place; `None` also if the question was dropped.
    async fn ask<T>(
        &self,
        place: &TextDocumentPositionParams,
        question: impl FnOnce(oneshot::Sender<Option<T>>) -> Question,
    ) -> Option<T> {
        let (reply, answer) = oneshot::channel();
        self.enqueue(Event::Ask {
            file: protocol::file_of(&place.text_document.uri),
            at: protocol::point(place.position),
            question: question(reply),
        });
        answer.await.ok().flatten()
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Backend {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(true.into()),
            ..TextDocumentSyncOptions::default()
        };
        Ok(InitializeResult {
            capabilities: ServerCapabilities {
                text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
                hover_provider: Some(HoverProviderCapability::Simple(true)),
                definition_provider: Some(OneOf::Left(true)),
                ..ServerCapabilities::default()
            },
            server_info: Some(ServerInfo {
                name: "spy".to_owned(),
                version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            }),
        })
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        let document = params.text_document;
        self.enqueue(Event::Open {
            file: protocol::file_of(&document.uri),
            uri: document.uri.into(),
            version: document.version,
            text: document.text,
        });
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.enqueue(Event::Change {
            file: protocol::file_of(&params.text_document.uri),
            version: params.text_document.version,
            edits: params
                .content_changes
                .into_iter()
                .map(protocol::edit)
                .collect(),
        });
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        let file = protocol::file_of(&params.text_document.uri);
        self.enqueue(Event::Save { file });
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        let file = protocol::file_of(&params.text_document.uri);
        self.enqueue(Event::Close { file });
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let place = params.text_document_position_params;
        let known = self.ask(&place, Question::Hover).await;
        Ok(known.as_ref().map(protocol::hover))
    }

    async fn goto_definition(
        &self,
        params: GotoDefinitionParams,
    ) -> Result<Option<GotoDefinitionResponse>> {
        let place = params.text_document_position_params;
        let found = self.ask(&place, Question::Definition).await;
        let location = found.as_ref().and_then(protocol::location);
        Ok(location.map(GotoDefinitionResponse::Scalar))
    }

    async fn shutdown(&self) -> Result<()> {
        self.enqueue(Event::Stop);
        Ok(())
    }
}

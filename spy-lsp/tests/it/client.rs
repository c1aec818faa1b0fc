//! An editor: sends messages, and keeps what comes back in order.

use std::collections::VecDeque;
use std::future::Future;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{
    AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, ReadHalf, WriteHalf,
};
use tokio::runtime::Builder;
use tokio::task::JoinHandle;

/// A connection to a server.
pub(crate) struct Editor {
    input: BufReader<ReadHalf<DuplexStream>>,
    output: WriteHalf<DuplexStream>,
    server: JoinHandle<()>,
    /// Notifications that nobody has asked for yet.
    waiting: VecDeque<Value>,
    last_id: u64,
}

/// Runs an editor's actions; whatever they wait for must come within seconds.
pub(crate) fn with_editor<F: Future<Output = ()>>(actions: impl FnOnce(Editor) -> F) {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let run = async { actions(Editor::start().await).await };
        tokio::time::timeout(Duration::from_secs(60), run)
            .await
            .expect("the server answers");
    });
    runtime.shutdown_background();
}

/// The URI of a document in a directory.
pub(crate) fn uri(dir: &Path, name: &str) -> String {
    format!("file://{}", dir.join(name).display())
}

impl Editor {
    async fn start() -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let (input, output) = tokio::io::split(theirs);
        let server = tokio::spawn(spy_lsp::serve(input, output));
        let (input, output) = tokio::io::split(ours);
        let mut editor = Self {
            input: BufReader::new(input),
            output,
            server,
            waiting: VecDeque::new(),
            last_id: 0,
        };
        let result = editor.ask("initialize", json!({"capabilities": {}})).await;
        assert_eq!(result["capabilities"]["hoverProvider"], json!(true));
        editor.tell("initialized", json!({})).await;
        editor
    }

    async fn send(&mut self, message: Value) {
        let body = message.to_string();
        self.send_raw(body.as_bytes()).await;
    }

    /// Sends any bytes as a message.
    pub(crate) async fn send_raw(&mut self, body: &[u8]) {
        let head = format!("Content-Length: {}\r\n\r\n", body.len());
        self.send_bytes(head.as_bytes()).await;
        self.send_bytes(body).await;
    }

    /// Sends any bytes.
    pub(crate) async fn send_bytes(&mut self, bytes: &[u8]) {
        let sent = self.output.write_all(bytes).await;
        sent.expect("the server reads");
    }

    /// Sends a notification.
    pub(crate) async fn tell(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params}))
            .await;
    }

    /// The result of a request.
    pub(crate) async fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let id = self.last_id;
        let mut request = json!({"jsonrpc": "2.0", "id": id, "method": method});
        if !params.is_null() {
            request["params"] = params;
        }
        self.send(request).await;
        loop {
            let message = self.receive().await;
            if message["id"] == json!(id) {
                assert!(message.get("error").is_none(), "{message}");
                return message["result"].clone();
            }
            self.waiting.push_back(message);
        }
    }

    async fn receive(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            self.input
                .read_line(&mut line)
                .await
                .expect("the server writes text");
            assert!(!line.is_empty(), "the server has closed the connection");
            match line.trim_end().strip_prefix("Content-Length: ") {
                Some(digits) => length = digits.parse().expect("a number"),
                None if line.trim_end().is_empty() => break,
                None => {}
            }
        }
        let mut body = vec![0; length];
        self.input
            .read_exact(&mut body)
            .await
            .expect("a whole message");
        serde_json::from_slice(&body).expect("JSON")
    }

    /// The diagnostics that the server publishes next: of which document and version, and them.
    pub(crate) async fn published(&mut self) -> (String, Option<i64>, Vec<Value>) {
        loop {
            let message = match self.waiting.pop_front() {
                Some(message) => message,
                None => self.receive().await,
            };
            if message["method"] != "textDocument/publishDiagnostics" {
                continue;
            }
            let params = &message["params"];
            let diagnostics = params["diagnostics"].as_array().expect("an array").clone();
            let uri = params["uri"].as_str().expect("a string").to_owned();
            return (uri, params["version"].as_i64(), diagnostics);
        }
    }

    /// The diagnostics of a version; earlier versions may have been published before.
    pub(crate) async fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        loop {
            let (of, published, diagnostics) = self.published().await;
            if of == uri && published == Some(version) {
                return diagnostics;
            }
            assert!(
                of != uri || published < Some(version),
                "versions are published in order"
            );
        }
    }

    pub(crate) async fn open(&mut self, uri: &str, version: i64, text: &str) {
        let document = json!({"uri": uri, "languageId": "spy", "version": version, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}))
            .await;
    }

    pub(crate) async fn change(&mut self, uri: &str, version: i64, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.tell("textDocument/didChange", params).await;
    }

    /// A question about a place.
    pub(crate) async fn at(&mut self, question: &str, uri: &str, line: u32, column: u32) -> Value {
        let place = json!({"line": line, "character": column});
        let params = json!({"textDocument": {"uri": uri}, "position": place});
        self.ask(&format!("textDocument/{question}"), params).await
    }

    /// The text of a hover.
    pub(crate) async fn hover(&mut self, uri: &str, line: u32, column: u32) -> String {
        let hover = self.at("hover", uri, line, column).await;
        hover["contents"]["value"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Ends the session in good order.
    pub(crate) async fn leave(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null).await, Value::Null);
        self.tell("exit", Value::Null).await;
        self.server.await.expect("the server ends without panic");
    }
}

/// What a diagnostic says: its code, its message, and where it starts and ends.
pub(crate) fn brief(diagnostic: &Value) -> String {
    let place = |end: &str| {
        let place = &diagnostic["range"][end];
        format!("{}:{}", place["line"], place["character"])
    };
    let text = |field: &str| diagnostic[field].as_str().unwrap_or_default().to_owned();
    format!(
        "{} {} {}: {}",
        place("start"),
        place("end"),
        text("code"),
        text("message")
    )
}

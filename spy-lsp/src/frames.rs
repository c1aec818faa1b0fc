//! Messages on their way in: only what is a message reaches the server.
//!
//! The server's reader gives up at the first message that it cannot decode. This filter stands in
//! front of it, drops what is malformed and looks for the next message. It ends after `exit`,
//! whether or not the editor closes the connection, so that the server finishes what it has begun.

use std::io;

use tokio::io::{
    AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader,
};
use tower_lsp::jsonrpc::{Request, Response};

/// Longest line of a header, in bytes.
const MOST_LINE_BYTES: u64 = 8 << 10;

/// Longest message, in bytes.
const MOST_BODY_BYTES: u64 = 256 << 20;

/// Passes on messages until the input ends or the editor says `exit`.
pub(crate) async fn forward(
    input: impl AsyncRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
) -> io::Result<()> {
    let mut input = BufReader::new(input);
    while let Some(body) = read_message(&mut input).await? {
        let request: Option<Request> = serde_json::from_slice(&body).ok();
        if request.is_none() && serde_json::from_slice::<Response>(&body).is_err() {
            continue;
        }
        let head = format!("Content-Length: {}\r\n\r\n", body.len());
        output.write_all(head.as_bytes()).await?;
        output.write_all(&body).await?;
        if request.is_some_and(|request| request.method() == "exit") {
            break;
        }
    }
    Ok(())
}

/// The body of the next message; `None` if the input ends.
async fn read_message(input: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Vec<u8>>> {
    let mut length = None;
    loop {
        let mut line = Vec::new();
        let mut limited = (&mut *input).take(MOST_LINE_BYTES);
        if limited.read_until(b'\n', &mut line).await? == 0 {
            return Ok(None);
        }
        let line = String::from_utf8_lossy(&line);
        match line.split_once(':') {
            Some((field, value)) if field.eq_ignore_ascii_case("content-length") => {
                length = value.trim().parse::<u64>().ok();
            }
            Some(_) => {}
            None if line.trim().is_empty() => match length.take() {
                Some(length) if length <= MOST_BODY_BYTES => {
                    let mut body = Vec::new();
                    input.take(length).read_to_end(&mut body).await?;
                    return Ok(Some(body));
                }
                Some(_) | None => {}
            },
            None => {}
        }
    }
}

//! The thread that analyses, one text after the other.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread;

use super::{Analysis, Task, analyse};

/// Starts a thread that analyses what it is sent and passes on the results: which file and
/// revision, and the analysis or the message of the panic it ended with. It ends when the sender
/// is dropped.
pub(crate) fn start(
    report: impl Fn(Task, Result<Analysis, String>) + Send + 'static,
) -> mpsc::Sender<Task> {
    let (sender, tasks) = mpsc::channel::<Task>();
    thread::spawn(move || {
        spy_interp::on_big_stack(move || {
            for task in tasks {
                let result = without_panic(&task);
                report(task, result);
            }
        });
    });
    sender
}

fn without_panic(task: &Task) -> Result<Analysis, String> {
    // Nothing outlives an analysis, so nothing can be left half done.
    catch_unwind(AssertUnwindSafe(|| analyse(task))).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        text.unwrap_or("panic").to_owned()
    })
}

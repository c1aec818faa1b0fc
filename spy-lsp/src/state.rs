//! The state of the server: documents, the analysis under way, questions that wait for it.
//!
//! Events come one at a time and in order, so nothing here is shared or locked. What has to be
//! done outside is returned as [`Action`]s. Invariants: at most one analysis runs; what it reports
//! is used only if its document still has the text that was analysed.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::oneshot;

use crate::analysis::{Analysis, Color, Finding, Location, Task};
use crate::document::{Document, Edit};
use crate::text::{Lines, Point};

/// Something that happened. Documents go by the name of their file.
pub(crate) enum Event {
    /// The editor has opened a document.
    Open {
        uri: String,
        file: String,
        version: i32,
        text: String,
    },
    /// Its text has changed.
    Change {
        file: String,
        version: i32,
        edits: Vec<Edit>,
    },
    /// A file has been written.
    Save { file: String },
    /// The editor has closed a document.
    Close { file: String },
    /// The editor asks about a place.
    Ask {
        file: String,
        at: Point,
        question: Question,
    },
    /// An analysis has ended: of which text, and the message of a panic if there was one.
    Analysed {
        file: String,
        revision: u64,
        result: Result<Analysis, String>,
    },
    /// No more questions are answered.
    Stop,
}

/// A question, with the way to answer.
pub(crate) enum Question {
    /// What is known of an expression?
    Hover(oneshot::Sender<Option<Known>>),
    /// Where is a name declared?
    Definition(oneshot::Sender<Option<Place>>),
}

/// What is known of an expression.
#[derive(Debug)]
pub(crate) struct Known {
    /// Its text.
    pub(crate) text: String,
    /// Its place.
    pub(crate) range: Range<Point>,
    /// Its type.
    pub(crate) ty: String,
    /// Its color, if that says anything.
    pub(crate) color: Option<Color>,
    /// Its value, if known.
    pub(crate) value: Option<String>,
}

/// A place in a file.
#[derive(Debug)]
pub(crate) struct Place {
    /// The file.
    pub(crate) file: String,
    /// The place.
    pub(crate) range: Range<Point>,
}

/// A message about a document.
#[derive(Debug)]
pub(crate) struct Message {
    /// Where.
    pub(crate) range: Range<Point>,
    /// The class of the error.
    pub(crate) kind: String,
    /// What is wrong.
    pub(crate) text: String,
    /// Remarks on other places.
    pub(crate) related: Vec<(Place, String)>,
}

/// Something to be done.
pub(crate) enum Action {
    /// Replace the messages that the editor shows for a document.
    Publish {
        uri: String,
        version: Option<i32>,
        messages: Vec<Message>,
    },
    /// Tell the editor's log.
    Log(String),
    /// Start an analysis.
    Start(Task),
}

/// The analysis under way.
struct Running {
    file: String,
    cancel: Arc<AtomicBool>,
}

/// A question that waits for an analysis.
struct Waiting {
    file: String,
    at: Point,
    question: Question,
}

/// The state; see the module.
#[derive(Default)]
pub(crate) struct State {
    documents: BTreeMap<String, Document>,
    /// Documents to analyse, in this order.
    dirty: Vec<String>,
    running: Option<Running>,
    waiting: Vec<Waiting>,
    last_revision: u64,
}

impl State {
    /// Takes note of an event; what has to be done about it, in order.
    pub(crate) fn handle(&mut self, event: Event) -> Vec<Action> {
        let mut actions = Vec::new();
        match event {
            Event::Open {
                uri,
                file,
                version,
                text,
            } => {
                let revision = self.next_revision();
                let document = Document::new(uri, version, revision, &text);
                self.documents.insert(file.clone(), document);
                self.changed(&file);
            }
            Event::Change {
                file,
                version,
                edits,
            } => self.change(&file, version, &edits),
            Event::Save { file } => self.affected(&file),
            Event::Close { file } => actions.extend(self.close(&file)),
            Event::Ask { file, at, question } => self.ask(file, at, question),
            Event::Analysed {
                file,
                revision,
                result,
            } => {
                actions.extend(self.analysed(&file, revision, result));
            }
            Event::Stop => self.stop(),
        }
        actions.extend(self.start());
        actions
    }

    fn next_revision(&mut self) -> u64 {
        self.last_revision += 1;
        self.last_revision
    }

    fn change(&mut self, file: &str, version: i32, edits: &[Edit]) {
        let revision = self.next_revision();
        let Some(document) = self.documents.get_mut(file) else {
            return;
        };
        edits.iter().for_each(|edit| document.edit(edit));
        document.version = version;
        document.revision = revision;
        self.changed(file);
    }

    /// Has a document analysed again, and those that import it.
    fn changed(&mut self, file: &str) {
        self.mark(file);
        self.affected(file);
    }

    /// Has the documents analysed again that import a file.
    fn affected(&mut self, file: &str) {
        let importers = self
            .documents
            .iter()
            .filter(|(_, document)| document.read.contains(file));
        let importers: Vec<String> = importers.map(|(importer, _)| importer.clone()).collect();
        for importer in importers {
            let revision = self.next_revision();
            if let Some(document) = self.documents.get_mut(&importer) {
                document.revision = revision;
            }
            self.mark(&importer);
        }
    }

    fn mark(&mut self, file: &str) {
        if !self.dirty.iter().any(|dirty| dirty == file) {
            self.dirty.push(file.to_owned());
        }
        if let Some(running) = &self.running
            && running.file == file
        {
            running.cancel.store(true, Ordering::Relaxed);
        }
    }

    fn close(&mut self, file: &str) -> Option<Action> {
        let document = self.documents.remove(file)?;
        self.dirty.retain(|dirty| dirty != file);
        self.waiting.retain(|waiting| waiting.file != file);
        if let Some(running) = &self.running
            && running.file == file
        {
            running.cancel.store(true, Ordering::Relaxed);
        }
        self.affected(file);
        Some(Action::Publish {
            uri: document.uri,
            version: None,
            messages: Vec::new(),
        })
    }

    /// Answers, or keeps the question until the text it is about has been analysed. A question
    /// that is dropped is thereby answered with nothing.
    fn ask(&mut self, file: String, at: Point, question: Question) {
        let pending = self.dirty.contains(&file)
            || self
                .running
                .as_ref()
                .is_some_and(|running| running.file == file);
        let waiting = Waiting { file, at, question };
        if pending {
            self.waiting.push(waiting);
        } else {
            self.answer(waiting);
        }
    }

    fn answer(&self, waiting: Waiting) {
        let Some(document) = self.documents.get(&waiting.file) else {
            return;
        };
        // Nobody may wait for the answer any more.
        match waiting.question {
            Question::Hover(reply) => drop(reply.send(known(document, waiting.at))),
            Question::Definition(reply) => {
                let name = document.name_at(waiting.at);
                let definition = name.and_then(|(name, _)| name.definition.as_ref());
                drop(reply.send(definition.map(place)));
            }
        }
    }

    fn analysed(
        &mut self,
        file: &str,
        revision: u64,
        result: Result<Analysis, String>,
    ) -> Vec<Action> {
        self.running = None;
        let mut actions = Vec::new();
        let analysis = result.unwrap_or_else(|panic| {
            actions.push(Action::Log(format!("analysis of {file} failed: {panic}")));
            Analysis::failed(&panic)
        });
        let Some(document) = self.documents.get_mut(file) else {
            return actions;
        };
        if document.revision != revision {
            return actions;
        }
        document.read = analysis.read;
        let lines = Lines::of(&document.text);
        let messages = analysis
            .findings
            .iter()
            .map(|finding| message(finding, &lines))
            .collect();
        actions.push(Action::Publish {
            uri: document.uri.clone(),
            version: Some(document.version),
            messages,
        });
        if let Some(names) = analysis.names {
            document.remember(names);
        }
        let (ready, rest) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|waiting: &Waiting| waiting.file == file);
        self.waiting = rest;
        let ready: Vec<Waiting> = ready;
        ready.into_iter().for_each(|waiting| self.answer(waiting));
        actions
    }

    /// Starts the next analysis if none runs.
    fn start(&mut self) -> Option<Action> {
        if self.running.is_some() || self.dirty.is_empty() {
            return None;
        }
        let file = self.dirty.remove(0);
        let document = self.documents.get(&file)?;
        let open = self
            .documents
            .iter()
            .map(|(file, document)| (file.clone(), document.text.clone()));
        let task = Task {
            file: file.clone(),
            revision: document.revision,
            text: document.text.clone(),
            open: open.collect(),
            cancel: Arc::default(),
        };
        self.running = Some(Running {
            file,
            cancel: task.cancel.clone(),
        });
        Some(Action::Start(task))
    }

    fn stop(&mut self) {
        self.dirty.clear();
        self.waiting.clear();
        if let Some(running) = &self.running {
            running.cancel.store(true, Ordering::Relaxed);
        }
    }
}

fn known(document: &Document, at: Point) -> Option<Known> {
    let (name, range) = document.name_at(at)?;
    Some(Known {
        text: document.text.get(range.clone())?.to_owned(),
        range: Lines::of(&document.text).points(&range),
        ty: name.ty.clone()?,
        color: name.color,
        value: name.value.clone(),
    })
}

fn place(location: &Location) -> Place {
    Place {
        file: location.source.file.clone(),
        range: Lines::of(&location.source.text).points(&location.range),
    }
}

fn message(finding: &Finding, lines: &Lines<'_>) -> Message {
    let related = finding.related.iter();
    Message {
        range: lines.points(&finding.range),
        kind: finding.kind.clone(),
        text: finding.text.clone(),
        related: related
            .map(|(location, text)| (place(location), text.clone()))
            .collect(),
    }
}

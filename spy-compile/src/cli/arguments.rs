//! What can be asked for on the command line.
//!
//! Sub-commands that start programs take options only before the file: what follows it belongs to
//! the program. [`with_default_command`] makes `spy FILE` mean `spy run FILE`.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// What the help of commands that start programs says about their last words.
const WORDS_HELP: &str =
    "FILE is the program, `-` for standard input; what follows it are its arguments.";

/// A statically analysable Python: interpreter, compiler and tools.
#[derive(Debug, Parser)]
#[command(
    name = "spy",
    version,
    disable_help_subcommand = true,
    override_usage = "spy [COMMAND] [OPTIONS] FILE [ARGS]...\n       spy -c CODE [ARGS]...",
    after_help = "Without a command, `spy FILE [ARGS]...` means `spy run FILE [ARGS]...`. \
                  The file `-` is standard input."
)]
pub(super) struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub(super) command: Command,
}

/// The sub-commands.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a program in the interpreter (the default)
    #[command(visible_alias = "execute")]
    Run(RunArguments),
    /// Print the program that is left for run time, or run it
    #[command(visible_alias = "rs")]
    Redshift(RedshiftArguments),
    /// Compile a program to an executable or a library
    Build(BuildArguments),
    /// Report all errors of a program without running it
    Check(CheckArguments),
    /// Show which expressions the compiler knows (blue) and which are left for run time (red)
    Colorize(ColorizeArguments),
    /// Print the syntax tree
    Parse(FileArguments),
    /// Print the symbol tables
    Symtable(FileArguments),
    /// Answer requests of other programs, one JSON object a line
    Repl(ReplArguments),
    /// Serve an editor over standard input and output (language server protocol)
    Lsp,
}

/// Arguments of `spy repl`.
#[derive(Debug, Args)]
pub(super) struct ReplArguments {
    /// Speak JSON, one object a line
    #[arg(long, required = true)]
    pub(super) json: bool,
    /// What runs the program
    #[arg(long, value_enum, default_value = "interp")]
    pub(super) engine: ReplEngine,
    /// When static errors appear
    #[arg(long, value_enum, default_value = "eager")]
    pub(super) errors: ReplErrors,
    /// A directory to search for modules before all others
    #[arg(long, value_name = "DIR")]
    pub(super) path: Vec<PathBuf>,
}

/// What runs the program of a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ReplEngine {
    /// The interpreter, on functions as written
    Interp,
    /// The interpreter, after everything has been redshifted
    Redshift,
    /// Machine code, in a process of its own
    Native,
}

/// When a session reports static errors.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ReplErrors {
    /// While loading
    Eager,
    /// When the line runs
    Lazy,
}

/// Arguments of `spy run`.
#[derive(Debug, Args)]
#[command(
    override_usage = "spy run [OPTIONS] FILE [ARGS]...\n       spy run [OPTIONS] -c CODE [ARGS]...",
    after_help = WORDS_HELP
)]
pub(super) struct RunArguments {
    /// Run CODE instead of a file
    #[arg(short = 'c', value_name = "CODE")]
    pub(super) code: Option<String>,
    /// Report how long `main` took
    #[arg(long)]
    pub(super) timeit: bool,
    #[command(flatten)]
    pub(super) compile: CompileArguments,
    #[arg(hide = true, num_args = 1.., trailing_var_arg = true, required_unless_present = "code")]
    pub(super) words: Vec<OsString>,
}

/// Arguments of `spy redshift`.
#[derive(Debug, Args)]
#[command(
    override_usage = "spy redshift [OPTIONS] FILE [ARGS]...",
    after_help = WORDS_HELP
)]
pub(super) struct RedshiftArguments {
    /// Run the redshifted program instead of printing it
    #[arg(short = 'x', long)]
    pub(super) execute: bool,
    /// Report how long `main` took
    #[arg(long)]
    pub(super) timeit: bool,
    /// Print full names
    #[arg(long)]
    pub(super) full_fqn: bool,
    /// Make the order of evaluation explicit with temporaries
    #[arg(long)]
    pub(super) linearize: bool,
    /// The form of the result
    #[arg(
        short = 'f',
        long = "format",
        value_name = "FORMAT",
        value_enum,
        default_value = "spy"
    )]
    pub(super) form: ResidualFormat,
    #[command(flatten)]
    pub(super) format: FormatArguments,
    #[command(flatten)]
    pub(super) compile: CompileArguments,
    #[arg(hide = true, num_args = 1.., trailing_var_arg = true, required = true)]
    pub(super) words: Vec<OsString>,
}

/// How `spy redshift` shows a program.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ResidualFormat {
    /// As source
    Spy,
    /// As a page for browsers, build/NAME_rs.html beside FILE
    Html,
}

/// Arguments of `spy colorize`.
#[derive(Debug, Args)]
#[command(override_usage = "spy colorize [OPTIONS] FILE")]
pub(super) struct ColorizeArguments {
    /// The form of the result
    #[arg(short = 'f', long, value_enum, default_value = "spy")]
    pub(super) format: ColorFormat,
    #[command(flatten)]
    pub(super) compile: CompileArguments,
    /// The program, `-` for standard input
    pub(super) file: OsString,
}

/// How `spy colorize` shows the colors.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ColorFormat {
    /// The source with colored backgrounds, for terminals
    Spy,
    /// A list of places and their colors
    Json,
    /// A page for browsers with types, values and the redshifted program, build/NAME_colorize.html
    /// beside FILE
    Html,
}

/// Arguments of `spy build`.
#[derive(Debug, Args)]
#[command(
    override_usage = "spy build [OPTIONS] FILE [ARGS]...",
    after_help = WORDS_HELP
)]
pub(super) struct BuildArguments {
    /// The executable, or the directory of the library [default: build/NAME, or build]
    #[arg(short = 'o', long, value_name = "OUT")]
    pub(super) output: Option<PathBuf>,
    /// What to make
    #[arg(
        short = 'k',
        long,
        visible_alias = "kind",
        value_enum,
        value_name = "KIND",
        default_value = "exe"
    )]
    pub(super) output_kind: OutputKind,
    /// Run the executable
    #[arg(short = 'x', long, visible_alias = "execute")]
    pub(super) run: bool,
    /// Report how long the executable ran
    #[arg(long, requires = "run")]
    pub(super) timeit: bool,
    /// Compile fast and check more
    #[arg(long, conflicts_with = "release")]
    pub(super) debug: bool,
    /// Compile to fast code (the default)
    #[arg(long)]
    pub(super) release: bool,
    #[command(flatten)]
    pub(super) format: FormatArguments,
    #[command(flatten)]
    pub(super) compile: CompileArguments,
    #[arg(hide = true, num_args = 1.., trailing_var_arg = true, required = true)]
    pub(super) words: Vec<OsString>,
}

/// What `spy build` makes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum OutputKind {
    /// A program
    Exe,
    /// A shared library of FILE's functions, a header for C, and a list of them in JSON
    Lib,
}

/// Arguments of `spy check`.
#[derive(Debug, Args)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub(super) format: FormatArguments,
    #[command(flatten)]
    pub(super) compile: CompileArguments,
    /// The main module of the program
    pub(super) file: OsString,
}

/// Arguments of the sub-commands that look at one file.
#[derive(Debug, Args)]
pub(super) struct FileArguments {
    /// The file
    pub(super) file: OsString,
}

/// How compile-time evaluation behaves.
#[derive(Clone, Debug, Args)]
pub(super) struct CompileArguments {
    /// What redshift does with a type error
    #[arg(
        short = 'E',
        long,
        value_enum,
        value_name = "MODE",
        default_value = "eager"
    )]
    pub(super) error_mode: ErrorMode,
    /// Most compile-time calls inside each other
    #[arg(long, value_name = "N")]
    pub(super) max_depth: Option<u32>,
    /// Most steps of compile-time evaluation
    #[arg(long, value_name = "N")]
    pub(super) max_steps: Option<u64>,
    /// Most functions of the program, instances of generic ones included
    #[arg(long, value_name = "N")]
    pub(super) max_functions: Option<usize>,
    /// Most megabytes that compile-time evaluation allocates
    #[arg(long, value_name = "MB")]
    pub(super) max_memory: Option<usize>,
}

/// What redshift does with a static error.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ErrorMode {
    /// Stop at the first one
    Eager,
    /// Raise it when the line runs
    Lazy,
    /// Print it, and raise it when the line runs
    Warn,
}

/// How diagnostics are written.
#[derive(Clone, Debug, Args)]
pub(super) struct FormatArguments {
    /// How errors are written: for people, or one JSON object a line
    #[arg(long, value_enum, value_name = "FORMAT", default_value = "text")]
    pub(super) error_format: ErrorFormat,
}

/// The ways to write a diagnostic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum ErrorFormat {
    /// Text with the lines in question
    Text,
    /// One JSON object a line
    Json,
}

/// The names and aliases of the commands that start programs, whose options end at the file.
const STARTERS: [&str; 5] = ["run", "execute", "redshift", "rs", "build"];

/// The words of a command line (without the program's name), the default command made explicit.
pub(super) fn with_default_command(mut words: Vec<OsString>, commands: &[&str]) -> Vec<OsString> {
    let Some(first) = words.first() else {
        return words;
    };
    if !commands.iter().any(|command| first == command) && is_program(&words) {
        words.insert(0, "run".into());
    }
    if STARTERS.iter().any(|command| words[0] == *command) {
        separate_code(&mut words);
    }
    if words[0] == "build" {
        gather_build_options(&mut words);
    }
    words
}

/// Moves the options that follow the file of `build` in front of it, as `spy build FILE -o OUT`
/// has them. After `--run FILE` they belong to the program.
fn gather_build_options(words: &mut [OsString]) {
    let takes_value = |word: &OsStr| {
        [
            "-o",
            "--output",
            "-k",
            "--output-kind",
            "--kind",
            "-E",
            "--error-mode",
            "--max-depth",
            "--max-steps",
            "--max-functions",
            "--max-memory",
            "--error-format",
        ]
        .iter()
        .any(|option| word == *option)
    };
    let is_option = |word: &OsStr| word.to_string_lossy().starts_with('-') && word != "-";
    let mut file = 1;
    while let Some(word) = words.get(file).filter(|word| is_option(word)) {
        if ["-x", "--run", "--execute", "--"]
            .iter()
            .any(|run| word == run)
        {
            return;
        }
        file += if takes_value(word) { 2 } else { 1 };
    }
    let mut end = file + 1;
    while let Some(word) = words
        .get(end)
        .filter(|word| is_option(word) && *word != "--")
    {
        end += if takes_value(word) { 2 } else { 1 };
    }
    if end <= words.len() {
        words[file..end].rotate_left(1);
    }
}

/// Whether a line without a command asks for a program to be run.
fn is_program(words: &[OsString]) -> bool {
    let asks_for_help = |word: &OsString| {
        ["-h", "--help", "-V", "--version"]
            .iter()
            .any(|option| word == option)
    };
    let names_program = |word: &OsString| {
        let text = word.to_string_lossy();
        text == "-" || text == "-c" || text.contains(".spy") || text.contains(".py")
    };
    let before = words.iter().take_while(|word| !names_program(word));
    words.iter().any(names_program) && !before.into_iter().any(asks_for_help)
}

/// Marks the end of the options after `-c CODE`, so that arguments may look like options.
fn separate_code(words: &mut Vec<OsString>) {
    let takes_value = |word: &OsStr| {
        [
            "-E",
            "--error-mode",
            "--max-depth",
            "--max-steps",
            "--max-functions",
            "--max-memory",
        ]
        .iter()
        .any(|option| word == *option)
    };
    let mut index = 1;
    while let Some(word) = words.get(index) {
        if word == "-c" {
            if words.len() > index + 2 {
                words.insert(index + 2, "--".into());
            }
            return;
        }
        let is_option = word.to_string_lossy().starts_with('-') && word != "-";
        if !is_option {
            return;
        }
        index += if takes_value(word) { 2 } else { 1 };
    }
}

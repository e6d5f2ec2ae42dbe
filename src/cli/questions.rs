//! Asks on the terminal about changes that are doubtful.

use std::io::{BufRead, IsTerminal, Write};

use super::changes;
use super::report::to_stderr;
use crate::data::import::manuscript::Change;
use crate::diag::{Diagnostic, Lang, Result};
use crate::text;

/// Questions to a person.
pub(super) struct Questions {
    lang: Lang,
    /// Whether all that comes is agreed to.
    all: bool,
    /// Whether the person wants to end it.
    given_up: bool,
}

/// What a person answers.
#[derive(Debug, Copy, Clone, Eq, PartialEq)]
enum Answer {
    Yes,
    No,
    All,
    Quit,
}

impl Questions {
    /// Begins to ask.
    ///
    /// # Errors
    /// Nobody there to answer.
    pub(super) fn begin(lang: Lang) -> Result<Self> {
        match std::io::stdin().is_terminal() {
            true => Ok(Self { lang, all: false, given_up: false }),
            false => Err(nobody().into()),
        }
    }

    /// Asks about a change; whether it is to be made.
    pub(super) fn ask(&mut self, change: &Change) -> bool {
        if self.all || self.given_up {
            return self.all;
        }
        let mut input = std::io::stdin().lock();
        match put(change, self.lang, &mut input, &mut Terminal) {
            Answer::Yes => true,
            Answer::No => false,
            Answer::All => {
                self.all = true;
                true
            }
            Answer::Quit => {
                self.given_up = true;
                false
            }
        }
    }

    /// Ends the questions.
    ///
    /// # Errors
    /// A person who has given up: then nothing is written.
    pub(super) fn end(&self) -> Result<()> {
        match self.given_up {
            false => Ok(()),
            true => Err(given_up().into()),
        }
    }
}

struct Terminal;

impl Write for Terminal {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        to_stderr(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Asks one question until there is an answer; the end of the input is none.
fn put(
    change: &Change,
    lang: Lang,
    input: &mut impl BufRead,
    output: &mut impl Write,
) -> Answer {
    let words = changes::line(change);
    let question = text!(
        "改吗？[Y 改 / n 不改 / a 以后都改 / q 不做了] ",
        "change it? [Y yes / n no / a all from here / q quit] "
    );
    let reason = change.reason.get(lang);
    loop {
        // A terminal that is gone gives no answer, either.
        let _ = write!(output, "{reason}\n{}\n{}", words.get(lang), question.get(lang));
        let mut line = String::new();
        match input.read_line(&mut line) {
            Ok(0) | Err(_) => return Answer::Quit,
            Ok(_) => {}
        }
        match line.trim().to_lowercase().as_str() {
            "" | "y" | "yes" | "是" | "改" => return Answer::Yes,
            "n" | "no" | "否" | "不" | "不改" => return Answer::No,
            "a" | "all" | "都改" => return Answer::All,
            "q" | "quit" | "不做了" => return Answer::Quit,
            _ => {}
        }
    }
}

fn nobody() -> Diagnostic {
    Diagnostic::error(
        "usage/not-interactive",
        text!(
            "`--interactive` 要在终端里用，标准输入不是终端",
            "`--interactive` asks on a terminal, and standard input is none"
        ),
    )
    .hint(text!(
        "去掉 `--interactive`：没有把握的改动会照做，并在报告里标出来",
        "leave it out: doubtful changes are made, and marked in the report"
    ))
}

fn given_up() -> Diagnostic {
    Diagnostic::error(
        "import/given-up",
        text!("中途不做了，什么也没有写", "given up; nothing was written"),
    )
}

//! How a worker ended, as the error of the job that it was making.

use std::io;
use std::process::ExitStatus;

use super::limits::{Limits, span};
use super::process::Ending;
use crate::build::Job;
use crate::build::memory::amount;
use crate::diag::{Diagnostic, Place, Text};
use crate::text;

/// How the last words of a process begin that got no memory.
pub(super) const WANT_OF_MEMORY: &str = "memory allocation of";

/// What has become of a job whose worker has not made it.
pub(super) fn of(job: &Job, ending: Ending, limits: Limits) -> Diagnostic {
    let fault = match (ending, limits) {
        (Ending::OverTime, Limits { time: Some(time), .. }) => {
            over_time(job, &span(time))
        }
        (Ending::OverMemory, Limits { memory: Some(memory), .. }) => {
            over_memory(job, memory)
        }
        (Ending::Died(_, lines), Limits { memory: Some(memory), .. })
            if lines.iter().any(|line| line.starts_with(WANT_OF_MEMORY)) =>
        {
            over_memory(job, memory)
        }
        (Ending::Died(status, lines), _) => died(job, status, lines),
        _ => unavailable(job, &io::ErrorKind::InvalidData.into()),
    };
    fault.at(Place::file(job.edition.shown.as_ref()))
}

fn over_time(job: &Job, limit: &str) -> Diagnostic {
    let (edition, template) = (&job.edition.id, &job.output.template);
    Diagnostic::error(
        "build/time-limit",
        text!(
            "`{edition}`（模板 `{template}`）在 {limit} 之内没有做完",
            "`{edition}` with the template `{template}` was not done within {limit}"
        ),
    )
    .hint(text!(
        "看看模板 `{template}` 里有没有转得太多的循环、层层套着的循环，数据是不是大得出奇",
        "look in the template `{template}` for loops with very many turns and loops within loops, and whether the dataset is unusually large"
    ))
    .hint(text!(
        "确实要这么久，就把 `--limit-time` 调大",
        "if it needs that long, raise `--limit-time`"
    ))
}

fn over_memory(job: &Job, limit: u64) -> Diagnostic {
    let (edition, template) = (&job.edition.id, &job.output.template);
    let limit = amount(limit);
    Diagnostic::error(
        "build/memory-limit",
        text!(
            "`{edition}`（模板 `{template}`）要的内存超过了 {limit}",
            "`{edition}` with the template `{template}` asked for more memory than {limit}"
        ),
    )
    .hint(text!(
        "看看模板 `{template}` 里有没有越接越长的文字和列表，数据里有没有特别大的图片",
        "look in the template `{template}` for texts and lists that grow with each turn of a loop, and in the dataset for very large pictures"
    ))
    .hint(text!(
        "确实要这么多，就把 `--limit-memory` 调大",
        "if it needs that much, raise `--limit-memory`"
    ))
}

fn died(job: &Job, status: ExitStatus, lines: Vec<String>) -> Diagnostic {
    let (edition, template) = (&job.edition.id, &job.output.template);
    let Text { zh, en } = manner(status);
    let fault = Diagnostic::error(
        "build/worker-died",
        text!(
            "做 `{edition}`（模板 `{template}`）的进程中途没了（{zh}）",
            "the process that made `{edition}` with the template `{template}` has died ({en})"
        ),
    );
    let lines = lines.into_iter().map(Text::verbatim);
    lines.fold(fault, Diagnostic::note).hint(text!(
        "看看模板里有没有层层套着、没有尽头的调用；要是系统因为内存不够把它结束了，就把 `-j` 调小",
        "look in the template for calls without end; if the system has killed it for want of memory, make fewer at a time with `-j`"
    ))
}

/// The signal or the exit code of a process.
fn manner(status: ExitStatus) -> Text {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        let name = match signal {
            4 => " SIGILL",
            6 => " SIGABRT",
            7 => " SIGBUS",
            8 => " SIGFPE",
            9 => " SIGKILL",
            11 => " SIGSEGV",
            15 => " SIGTERM",
            _ => "",
        };
        return text!("信号 {signal}{name}", "signal {signal}{name}");
    }
    match status.code() {
        Some(code) => text!("退出码 {code}", "exit code {code}"),
        None => Text::verbatim("?"),
    }
}

/// A worker that could not be started or spoken to.
pub(super) fn unavailable(job: &Job, error: &io::Error) -> Diagnostic {
    let (edition, template) = (&job.edition.id, &job.output.template);
    Diagnostic::error(
        "build/no-worker",
        text!(
            "没有进程可以做 `{edition}`（模板 `{template}`）（{error}）",
            "no process could be had to make `{edition}` with the template `{template}` ({error})"
        ),
    )
    .at(Place::file(job.edition.shown.as_ref()))
    .hint(text!(
        "系统不让多开进程时，把 `-j` 调小，或者不用 `--limit-time` 和 `--limit-memory`",
        "if the system allows no more processes, make fewer at a time with `-j`, or do without `--limit-time` and `--limit-memory`"
    ))
}

//! Raw arguments and environment, resolved.

use std::ffi::OsString;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::args::{
    CacheArgument, ColorChoice, Global, Language, MessageFormat, RunArguments,
    SelectArguments,
};
use super::report::{Form, ReportStyle};
use crate::build::session::CacheChoice;
use crate::build::worker::Limits;
use crate::build::{Settings, memory};
use crate::diag::{Diagnostic, Diagnostics, Lang, Result, Style};
use crate::pdf::{FontSearch, Standards};
use crate::project::{self, Format, Project};
use crate::text;

/// The language, before the arguments are parsed: `--lang`, else the locale.
pub(super) fn language_hint(arguments: &[OsString]) -> Lang {
    let mut arguments = arguments.iter().map(|argument| argument.to_string_lossy());
    while let Some(argument) = arguments.next() {
        let value = match argument.strip_prefix("--lang") {
            Some("") => arguments.next(),
            Some(rest) => rest.strip_prefix('=').map(|value| value.to_string().into()),
            None => None,
        };
        match value.as_deref() {
            Some("zh") => return Lang::Zh,
            Some("en") => return Lang::En,
            _ => {}
        }
    }
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|value| !value.is_empty());
    match locale {
        Some(locale) if locale.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

/// How to report: language, colours, form.
pub(super) fn report_style(global: &Global, hint: Lang) -> ReportStyle {
    let lang = match global.lang {
        Some(Language::Zh) => Lang::Zh,
        Some(Language::En) => Lang::En,
        None => hint,
    };
    let terminal = || {
        std::io::stderr().is_terminal()
            && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty())
    };
    let coloured = match global.color {
        ColorChoice::Auto => terminal(),
        ColorChoice::Always => true,
        ColorChoice::Never => false,
    };
    ReportStyle {
        lang,
        style: if coloured { Style::Coloured } else { Style::Plain },
        form: match global.message_format {
            MessageFormat::Human => Form::Human,
            MessageFormat::Json => Form::Json,
            MessageFormat::Sarif => Form::Sarif,
            MessageFormat::Github => Form::Github,
        },
    }
}

/// The folder the user is in.
///
/// # Errors
/// A working folder that is gone.
pub(super) fn working_folder() -> Result<PathBuf> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the working folder matters"
    )]
    std::env::current_dir().map_err(|error| {
        Diagnostic::error(
            "project/no-folder",
            text!(
                "当前文件夹打不开（{error}）",
                "cannot open the working folder ({error})"
            ),
        )
        .into()
    })
}

/// The project that the user means.
///
/// # Errors
/// As [`Project::find`].
pub(super) fn project(global: &Global, folder: &Path) -> Result<Project> {
    match &global.project {
        Some(named) => Project::find(&folder.join(named)),
        None => Project::find(folder),
    }
}

/// What is built and how.
///
/// # Errors
/// A PDF standard that is none, or a date that is none.
pub(super) fn settings(select: &SelectArguments, ppi: Option<f64>) -> Result<Settings> {
    let formats: Vec<Format> = select.formats.iter().copied().map(Format::from).collect();
    Ok(Settings {
        template: select.template.clone(),
        formats: (!formats.is_empty()).then_some(formats),
        standards: standards(&select.pdf_standard)?,
        date: source_date()?,
        ppi,
        deny_warnings: select.deny_warnings,
        fonts: FontSearch { folders: select.fonts.clone(), system: select.system_fonts },
        ..Settings::default()
    })
}

/// The cache, if one is used.
pub(super) fn cache(
    arguments: &CacheArgument,
    folder: &Path,
    root: &Path,
) -> Option<CacheChoice> {
    match (arguments.no_cache, &arguments.cache) {
        (true, _) => None,
        (false, Some(named)) => {
            Some(CacheChoice { folder: folder.join(named), named: true })
        }
        (false, None) => Some(CacheChoice::of_project(root)),
    }
}

/// A size in bytes: `500M`, `4G`, `0`; units are powers of 1000.
///
/// # Errors
/// What is no size.
pub(super) fn size(written: &str) -> Result<u64> {
    let bytes =
        quantity(written, |unit| match unit.to_ascii_uppercase().trim_end_matches('B') {
            "" => Some(1),
            "K" => Some(1_000),
            "M" => Some(1_000_000),
            "G" => Some(1_000_000_000),
            "T" => Some(1_000_000_000_000),
            _ => None,
        });
    bytes.ok_or_else(|| {
        Diagnostic::error(
            "usage/size",
            text!("`{written}` 不是大小", "`{written}` is no size"),
        )
        .hint(text!("写成 `500M`、`4G`", "write it like `500M` or `4G`"))
        .into()
    })
}

/// A whole number with a unit, by what the unit stands for.
fn quantity(written: &str, factor: impl Fn(&str) -> Option<u64>) -> Option<u64> {
    let digits = written.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let factor = factor(written.get(digits.len()..).unwrap_or_default())?;
    digits.parse::<u64>().ok()?.checked_mul(factor)
}

/// A time: a number and `ms`, `s`, `m` or `h`.
///
/// # Errors
/// What is no time, or none at all.
fn time(written: &str) -> Result<Duration> {
    let milliseconds = quantity(written, |unit| match unit {
        "ms" => Some(1),
        "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    });
    milliseconds.filter(|time| *time > 0).map(Duration::from_millis).ok_or_else(|| {
        Diagnostic::error(
            "usage/time",
            text!("`{written}` 不是时间", "`{written}` is no time"),
        )
        .hint(text!(
            "写成 `30s`、`2m`、`1500ms`",
            "write it like `30s`, `2m` or `1500ms`"
        ))
        .into()
    })
}

/// What a run may take.
#[derive(Debug, Copy, Clone, Default)]
pub(super) struct Means {
    /// What each job may take.
    pub(super) limits: Limits,
    /// How much memory the run may take, in bytes.
    pub(super) budget: Option<u64>,
}

/// What a run may take.
///
/// # Errors
/// What is no time or no size, and memory that this system does not count.
pub(super) fn means(run: &RunArguments) -> Result<Means> {
    let mut faults = Diagnostics::new();
    let time = run.limit_time.as_deref().map(time).transpose();
    let time = faults.absorb(time).flatten();
    let mut memory = |option: &str, written: &Option<String>| {
        let size = written.as_deref().map(|written| memory_size(option, written));
        faults.absorb(size.transpose()).flatten()
    };
    let limits = Limits { time, memory: memory("--limit-memory", &run.limit_memory) };
    let budget = memory("--max-memory", &run.max_memory);
    faults.finish(Means { limits, budget }).map(|means| means.value)
}

/// A size of memory, where the system counts it.
fn memory_size(option: &str, written: &str) -> Result<u64> {
    if !memory::IS_TOLD {
        return Err(Diagnostic::error(
            "usage/memory-limit",
            text!(
                "`{option}` 在这个系统上不能用",
                "`{option}` does not work on this system"
            ),
        )
        .hint(text!(
            "在 Linux 上可以用；`--limit-time` 和 `-j` 到处都可以用",
            "it works on Linux; `--limit-time` and `-j` work everywhere"
        ))
        .into());
    }
    // No output takes less than this.
    size(written).map(|size| size.max(1_000))
}

fn standards(names: &[String]) -> Result<Standards> {
    if names.is_empty() {
        return Ok(Standards::WhenPossible);
    }
    let parse = |name: &String| {
        if name == "none" {
            return Ok(None);
        }
        project::output::standard(name).map(Some).ok_or_else(|| {
            Diagnostic::error(
                "usage/pdf-standard",
                text!("没有 `{name}` 这个 PDF 标准", "no PDF standard `{name}`"),
            )
            .hint(project::manifest::standards())
        })
    };
    let parsed = names.iter().map(parse).collect::<std::result::Result<Vec<_>, _>>()?;
    Ok(Standards::Required(parsed.into_iter().flatten().collect()))
}

/// The day of `SOURCE_DATE_EPOCH` (seconds since 1970, UTC), if it is set.
pub(super) fn source_date() -> Result<Option<(i32, u8, u8)>> {
    let Ok(value) = std::env::var("SOURCE_DATE_EPOCH") else { return Ok(None) };
    match value.parse::<i64>() {
        Ok(seconds) if seconds >= 0 => Ok(Some(civil(seconds / 86_400))),
        _ => Err(Diagnostic::error(
            "usage/source-date",
            text!(
                "SOURCE_DATE_EPOCH 不是秒数：`{value}`",
                "SOURCE_DATE_EPOCH is not a number of seconds: `{value}`"
            ),
        )
        .into()),
    }
}

/// The civil date of a day counted from 1970-01-01 (Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms", `civil_from_days`), for days after the epoch.
fn civil(days: i64) -> (i32, u8, u8) {
    let shifted = days + 719_468;
    let era = shifted / 146_097;
    let day_of_era = shifted % 146_097;
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524
        - day_of_era / 146_096)
        / 365;
    let day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month =
        if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let clamp = |value: i64| u8::try_from(value).unwrap_or(1);
    (i32::try_from(year).unwrap_or(i32::MAX), clamp(month), clamp(day))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{civil, time};

    #[test]
    fn times_are_read() {
        let times = ["30s", "2m", "1500ms", "1h"].map(|written| time(written).ok());
        let seconds = [30.0, 120.0, 1.5, 3600.0];
        assert_eq!(times, seconds.map(|time| Some(Duration::from_secs_f64(time))));
        for wrong in ["", "30", "s", "0s", "-1s", "1.5m", "10d"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn days_become_dates() {
        assert_eq!(civil(0), (1970, 1, 1));
        assert_eq!(civil(19_782), (2024, 2, 29));
        assert_eq!(civil(19_783), (2024, 3, 1));
    }
}

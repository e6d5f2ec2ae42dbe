//! `plan` and `cache`: what a build would do, and what is kept of earlier ones.

use serde_json::json;

use super::args::{BatchArguments, CacheAction, CacheArguments};
use super::build::{Look, Order};
use super::config;
use super::place::Place;
use super::report::Reporter;
use crate::build::cache::{self, Patience};
use crate::build::plan::{Item, Step};
use crate::diag::{Lang, Result};
use crate::text;

pub(super) fn plan(
    place: Place,
    arguments: &BatchArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let order = Order::of(place, &arguments.build, reporter)?;
    let session = order.session(arguments, Look::Only, reporter)?;
    let plan = session.plan(order.jobs.clone());
    let mut counts = [0_usize; 3];
    for item in &plan.items {
        match item.step {
            Step::Make(_) => counts[0] += 1,
            Step::Restore { .. } => counts[1] += 1,
            Step::Keep => counts[2] += 1,
        }
        tell(item, reporter);
    }
    let [make, restore, keep] = counts;
    reporter.note(&text!(
        "要做 {make} 份，从缓存取 {restore} 份，不动 {keep} 份",
        "to make: {make}, from the cache: {restore}, unchanged: {keep}"
    ));
    Ok(())
}

fn tell(item: &Item, reporter: &mut Reporter) {
    let Item { job, step, .. } = item;
    let lang = reporter.lang();
    let done = match (step, lang) {
        (Step::Keep, Lang::Zh) => "不动",
        (Step::Keep, Lang::En) => "keep",
        (Step::Restore { .. }, Lang::Zh) => "缓存",
        (Step::Restore { .. }, Lang::En) => "cache",
        (Step::Make(_), Lang::Zh) => "要做",
        (Step::Make(_), Lang::En) => "make",
    };
    let words: Vec<String> = step
        .reasons()
        .iter()
        .map(|reason| reason.words().get(lang).to_string())
        .collect();
    let between = if lang == Lang::Zh { "；" } else { "; " };
    let line = format!("{done}\t{}\t{}", job.name(), words.join(between));
    reporter.answer(
        &format!("{}\n", line.trim_end()),
        &json!({
            "kind": "job", "name": job.name(), "edition": job.edition.id,
            "template": job.output.template, "formats": job.output.formats,
            "step": step.name(), "reasons": step.reasons(), "cost": job.cost(),
        }),
    );
}

pub(super) fn cache(
    place: &Place,
    arguments: &CacheArguments,
    reporter: &mut Reporter,
) -> Result<()> {
    let CacheAction::Gc { size, cache: choice } = &arguments.action;
    let largest = size.as_deref().map(config::size).transpose()?;
    let root = place.project.root();
    let Some(chosen) = config::cache(choice, &place.folder, root) else { return Ok(()) };
    let cleared = cache::clear(
        &chosen.folder,
        largest.unwrap_or(cache::LARGEST),
        Patience::Endless,
    )?;
    let (before, after) = (megabytes(cleared.before), megabytes(cleared.after));
    reporter.answer(
        text!(
            "缓存原有 {before} MB，现有 {after} MB\n",
            "the cache had {before} MB and has {after} MB\n"
        )
        .get(reporter.lang()),
        &json!({ "kind": "cache", "before": cleared.before, "after": cleared.after }),
    );
    Ok(())
}

/// Megabytes, to one digit.
fn megabytes(bytes: u64) -> String {
    let tenths = bytes.div_ceil(100_000);
    format!("{}.{}", tenths / 10, tenths % 10)
}

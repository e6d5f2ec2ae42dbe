//! Which jobs a run has: each edition with each output that is made of it.
//!
//! A dataset is read here only if the manifest asks what is in it: in `when`, in a
//! file name, or to count the items of a list.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Job, Workshop};
use crate::data::json::{pointer_join, pointer_tokens};
use crate::diag::{Diagnostic, Diagnostics, MOST_ALIKE, Partial, more};
use crate::project::condition::Facts;
use crate::project::manifest::has_star;
use crate::project::pattern::as_file_name;
use crate::project::resolve::Schemas;
use crate::project::{Edition, Output, Profile, Rule, lineage};
use crate::text;

/// The jobs of some editions with the manifest's outputs, without those at fault:
/// conditions that cannot be told, fields and lists that a dataset does not have, and
/// outputs that would have one name.
pub(super) fn jobs(workshop: &Workshop, editions: &[Edition]) -> Partial<Vec<Job>> {
    let rules = rules(workshop);
    let schemas = schemas(workshop, &rules);
    // Reading takes time, and each edition is on its own.
    let threads = match schemas.is_empty() {
        true => 1,
        false => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let share = editions.len().div_ceil(threads).max(1);
    let (mut jobs, mut faults) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| {
        let parts: Vec<_> = editions
            .chunks(share)
            .map(|editions| {
                let (rules, schemas) = (&rules, &schemas);
                scope.spawn(move || Schedule::of(workshop, editions, rules, schemas))
            })
            .collect();
        for part in parts {
            let part =
                part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            jobs.extend(part.jobs);
            faults.extend(part.faults);
        }
    });
    let clashing = same_files(&jobs, &mut faults);
    let mut indices = 0..;
    jobs.retain(|_| indices.next().is_some_and(|index| !clashing.contains(&index)));
    if jobs.is_empty() && faults.is_empty() && !editions.is_empty() {
        faults.push(nothing());
    }
    let mut told = Diagnostics::new();
    told.extend(first_of_each(faults));
    Partial { value: jobs, faults: told }
}

/// The manifest's outputs, or those with the template that the user asked for.
fn rules(workshop: &Workshop) -> Vec<Rule> {
    let all = &workshop.project.manifest().outputs;
    let Some(name) = &workshop.settings.template else { return all.clone() };
    let named = all.iter().filter(|rule| rule.output.template == *name);
    let named: Vec<Rule> = named.cloned().collect();
    match named.is_empty() {
        true => vec![Rule::of(name)],
        false => named,
    }
}

/// The schemas of templates, by name and whether they print parts; nothing for those
/// that cannot be opened.
type SchemasOf<'r> = HashMap<(&'r str, bool), Option<Schemas<'static>>>;

/// The schemas of the datasets that have to be read.
fn schemas<'r>(workshop: &Workshop, rules: &'r [Rule]) -> SchemasOf<'r> {
    let mut schemas = SchemasOf::new();
    for rule in rules.iter().filter(|rule| reads_data(rule)) {
        let (template, in_part) = kind(rule);
        schemas.entry((template, in_part)).or_insert_with(|| {
            // What is wrong with a template is told by its jobs.
            let package = workshop.project.package(template).ok()?;
            Schemas::of(&package, in_part.then_some("/")).ok()
        });
    }
    schemas
}

fn kind(rule: &Rule) -> (&str, bool) {
    (&rule.output.template, !rule.from.is_empty())
}

fn reads_data(rule: &Rule) -> bool {
    let asks = rule.when.as_ref().is_some_and(|when| when.reads_data());
    asks || rule.counts_items() || rule.fields().next().is_some()
}

/// The jobs of some of the editions.
struct Schedule<'a> {
    workshop: &'a Workshop,
    schemas: &'a SchemasOf<'a>,
    jobs: Vec<Job>,
    faults: Vec<Diagnostic>,
}

impl<'a> Schedule<'a> {
    fn of(
        workshop: &'a Workshop,
        editions: &[Edition],
        rules: &'a [Rule],
        schemas: &'a SchemasOf<'a>,
    ) -> Self {
        let mut schedule =
            Self { workshop, schemas, jobs: Vec::new(), faults: Vec::new() };
        for edition in editions {
            let mut datasets = HashMap::new();
            for rule in rules.iter().filter(|rule| rule.editions.matches(&edition.id)) {
                let data = match reads_data(rule) {
                    true => datasets
                        .entry(kind(rule))
                        .or_insert_with(|| schedule.dataset(edition, rule))
                        .as_ref(),
                    false => None,
                };
                schedule.rule(edition, rule, data);
            }
        }
        schedule
    }

    /// The dataset of an edition; nothing if it has faults, which its jobs tell.
    fn dataset(&self, edition: &Edition, rule: &Rule) -> Option<Value> {
        let schemas = self.schemas.get(&kind(rule))?.as_ref()?;
        let mut faults = Diagnostics::new();
        let whole = lineage::own(edition, schemas.whole(), &mut faults)?;
        (!faults.has_errors()).then(|| whole.dataset.value().clone())
    }

    fn rule(&mut self, edition: &Edition, rule: &Rule, data: Option<&Value>) {
        let none = (None, Profile::default());
        let named = rule.profiles.iter().map(|(name, profile)| (Some(name), profile));
        let plain = rule.profiles.is_empty().then_some((none.0, &none.1));
        for (name, profile) in named.chain(plain) {
            if !self.is_meant(edition, rule, name.map(String::as_str), data) {
                continue;
            }
            let mut output = rule.output.clone();
            output.profile = name.cloned();
            output.settings = profile.clone();
            let formats = &self.workshop.settings.formats;
            if let Some(formats) = formats.as_ref().or(profile.formats.as_ref()) {
                output.formats.clone_from(formats);
            }
            let known = self.faults.len();
            if let Some(data) = data {
                self.fill_in(edition, rule, data, &mut output);
            }
            if self.faults.len() > known {
                continue;
            }
            for (part, from) in self.parts(edition, rule, data) {
                let output = Output { part, from, ..output.clone() };
                self.jobs.push(Job { edition: edition.clone(), output });
            }
        }
    }

    /// Whether `when` of an output is true.
    fn is_meant(
        &mut self,
        edition: &Edition,
        rule: &Rule,
        profile: Option<&str>,
        data: Option<&Value>,
    ) -> bool {
        let Some(when) = &rule.when else { return true };
        if when.reads_data() && data.is_none() {
            // Not skipped: the job tells what is wrong with the dataset.
            return true;
        }
        let template = &rule.output.template;
        let facts = Facts { name: &edition.id, template, profile, data };
        when.holds(&facts).unwrap_or_else(|fault| {
            self.faults.push(fault);
            false
        })
    }

    /// Finds the fields that a file name uses.
    fn fill_in(
        &mut self,
        edition: &Edition,
        rule: &Rule,
        data: &Value,
        output: &mut Output,
    ) {
        for field in rule.fields() {
            let text = match data.pointer(field) {
                Some(Value::String(text)) => Some(text.clone()),
                Some(Value::Number(number)) => Some(number.to_string()),
                _ => None,
            };
            match text.filter(|text| !text.trim().is_empty()) {
                Some(text) => {
                    output.fields.insert(field.to_string(), as_file_name(&text));
                }
                None => self.faults.push(no_field(edition, field, &rule.output.file)),
            }
        }
    }

    /// The parts of a dataset that an output prints: the number and the pointer.
    fn parts(
        &mut self,
        edition: &Edition,
        rule: &Rule,
        data: Option<&Value>,
    ) -> Vec<(Option<usize>, Option<String>)> {
        if !rule.in_parts {
            return vec![(None, rule.from.first().cloned())];
        }
        let mut pointers = Vec::new();
        for from in &rule.from {
            match data {
                Some(data) if has_star(from) => match items(data, from) {
                    Ok(items) => pointers.extend(items),
                    Err(list) => self.faults.push(no_list(edition, &list, from)),
                },
                // The job tells what is wrong with the dataset.
                _ => pointers.push(from.replace("/*", "/0")),
            }
        }
        let numbered = pointers.into_iter().zip(1..);
        numbered.map(|(pointer, part)| (Some(part), Some(pointer))).collect()
    }
}

/// The pointers that one with `*` stands for, or the pointer of what is no list.
fn items(data: &Value, from: &str) -> std::result::Result<Vec<String>, String> {
    let mut pointers = vec![String::new()];
    for token in pointer_tokens(from) {
        if token != "*" {
            pointers.iter_mut().for_each(|at| *at = pointer_join(at, &token));
            continue;
        }
        let mut items = Vec::new();
        for at in pointers {
            let list = data.pointer(&at).and_then(Value::as_array);
            let Some(list) = list else { return Err(at) };
            let item = |index: usize| pointer_join(&at, &index.to_string());
            items.extend((0..list.len()).map(item));
        }
        pointers = items;
    }
    Ok(pointers)
}

fn no_field(edition: &Edition, field: &str, file: &str) -> Diagnostic {
    let (id, origin) = (&edition.id, edition.origin());
    Diagnostic::error(
        "output/missing-field",
        text!(
            "`{id}`（{origin}）的数据没有 `{field}`，而文件名 `{file}` 要用它",
            "the dataset of `{id}` ({origin}) has no `{field}`, which the file name `{file}` asks for"
        ),
    )
    .hint(text!(
        "字段要是文字或数字；补上，或改 huikan.toml 里的 `file`",
        "it must be a text or a number: fill it in, or change `file` in huikan.toml"
    ))
}

fn no_list(edition: &Edition, list: &str, from: &str) -> Diagnostic {
    let (id, origin) = (&edition.id, edition.origin());
    Diagnostic::error(
        "project/no-part",
        text!(
            "`{id}`（{origin}）的数据里 `{list}` 不是列表，而 `from = \"{from}\"` 要印它的每一项",
            "`{list}` is no list in the dataset of `{id}` ({origin}), and `from = \"{from}\"` prints all its items"
        ),
    )
    .hint(text!(
        "没有这个列表的各届，用 `when` 或 `editions` 跳过",
        "skip editions without the list with `when` or `editions`"
    ))
}

fn nothing() -> Diagnostic {
    Diagnostic::error(
        "project/no-output",
        text!("这些届没有要做的输出", "no output is made of these editions"),
    )
    .hint(text!(
        "看看 huikan.toml 里各个 `[[output]]` 的 `editions`、`when` 和 `from`",
        "look at `editions`, `when` and `from` of each `[[output]]` in huikan.toml"
    ))
}

/// Jobs that would write the same file, by index: none of them is made. Names
/// that differ in case only are the same file on many disks.
fn same_files(jobs: &[Job], faults: &mut Vec<Diagnostic>) -> HashSet<usize> {
    let mut seen: HashMap<String, usize> = HashMap::with_capacity(jobs.len());
    let mut clashing = HashSet::new();
    for (index, job) in jobs.iter().enumerate() {
        for format in &job.output.formats {
            let stem = job.output.stem(&job.edition.id, *format);
            let file = format!("{stem}.{}", format.extension());
            let Some(first) = seen.insert(file.to_lowercase(), index) else { continue };
            clashing.extend([first, index]);
            faults.extend(jobs.get(first).map(|first| same_name(&file, first, job)));
        }
    }
    clashing
}

fn same_name(file: &str, first: &Job, second: &Job) -> Diagnostic {
    let (one, other) = (maker(first), maker(second));
    let fault = Diagnostic::error(
        "output/same-name",
        text!(
            "有两份输出都叫 `{file}`：{one} 和 {other}",
            "two outputs are called `{file}`: {one} and {other}"
        ),
    );
    let (a, b) = (&first.output, &second.output);
    fault.hint(if first.edition.id != second.edition.id {
        text!(
            "在 huikan.toml 的 `file` 里用上 {{edition}}；只有大小写不同的名字也算相同",
            "use {{edition}} in `file` of huikan.toml; names that differ in case only are the same"
        )
    } else if a.profile.is_some() && b.profile.is_some() && a.profile != b.profile {
        text!("在 `file` 里用上 {{profile}}", "use {{profile}} in `file`")
    } else if a.part.is_some() && b.part.is_some() && a.part != b.part {
        text!("在 `file` 里用上 {{part}}", "use {{part}} in `file`")
    } else {
        text!("给每个 `[[output]]` 不同的 `file`", "give each `[[output]]` another `file`")
    })
}

/// Who makes a file: `2023 × handout`.
fn maker(job: &Job) -> String {
    let Output { template, profile, part, .. } = &job.output;
    let profile = profile.iter().map(|profile| format!(" × {profile}"));
    let part = part.iter().map(|part| format!(" × {part}"));
    let more: String = profile.chain(part).collect();
    format!("{} × {template}{more}", job.edition.id)
}

/// The first faults of each kind, and how many more there are.
fn first_of_each(faults: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut counts: Vec<(Cow<'static, str>, usize)> = Vec::new();
    let mut told = Vec::new();
    for fault in faults {
        let at = counts.iter().position(|(code, _)| *code == fault.code);
        let at = at.unwrap_or_else(|| {
            counts.push((fault.code.clone(), 0));
            counts.len() - 1
        });
        counts[at].1 += 1;
        if counts[at].1 <= MOST_ALIKE {
            told.push(fault);
        }
    }
    told.extend(counts.into_iter().filter_map(|(code, count)| more(code, count)));
    told
}

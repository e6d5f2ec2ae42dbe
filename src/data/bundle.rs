//! Schemas of several files made one: what `"$ref": "/congress.json#/$defs/person"`
//! refers to is brought into the schema's own `$defs`.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::Dataset;
use super::json::pointer_join;
use crate::diag::{Diagnostic, Diagnostics};
use crate::text;

/// Where shared schemas come from.
pub trait SharedSchemas {
    /// The shared schema of this file name: how the user knows the file, and its
    /// content; nothing if there is none.
    fn schema(&self, file: &str) -> Option<(String, Cow<'static, [u8]>)>;
}

/// No shared schemas.
impl SharedSchemas for () {
    fn schema(&self, _file: &str) -> Option<(String, Cow<'static, [u8]>)> {
        None
    }
}

/// The schema in `file` with all that it refers to in other files.
///
/// Faults: a reference to a file or definition that is none, and a definition
/// brought in whose name the schema uses for another.
pub(super) fn bundle(
    file: &Dataset,
    shared: &dyn SharedSchemas,
    faults: &mut Diagnostics,
) -> Value {
    let mut schema = file.value().clone();
    let mut wanted = Vec::new();
    redirect(&mut schema, "", None, &mut |target, pointer| {
        wanted.push((target, pointer.to_string()));
    });
    let mut bundler = Bundler { file, shared, files: BTreeMap::new(), faults };
    let mut definitions = Map::new();
    while let Some((target, pointer)) = wanted.pop() {
        if definitions.contains_key(&target.name) {
            continue;
        }
        let Some(mut definition) = bundler.definition(&target, &pointer) else {
            continue;
        };
        redirect(&mut definition, "", Some(&target.file), &mut |target, _| {
            wanted.push((target, pointer.clone()));
        });
        if schema.pointer(&pointer_join("/$defs", &target.name)).is_some() {
            bundler.faults.push(bundler.clash(&target.name));
        }
        definitions.insert(target.name, definition);
    }
    if let (Value::Object(schema), false) = (&mut schema, definitions.is_empty()) {
        let own = schema.entry("$defs").or_insert_with(|| Map::new().into());
        if let Value::Object(own) = own {
            own.extend(definitions);
        }
    }
    schema
}

/// A definition in another file.
struct Target {
    file: String,
    name: String,
}

/// Makes references to definitions of another file references to the schema's
/// own, and tells which. In a part of the shared `file`, its own definitions are
/// such.
fn redirect(
    value: &mut Value,
    pointer: &str,
    file: Option<&str>,
    found: &mut dyn FnMut(Target, &str),
) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields {
                let at = pointer_join(pointer, key);
                match field {
                    Value::String(reference) if key == "$ref" => {
                        if let Some(target) = target(reference, file) {
                            *reference = format!("#/$defs/{}", target.name);
                            found(target, &at);
                        }
                    }
                    other => redirect(other, &at, file, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                redirect(item, &pointer_join(pointer, &index.to_string()), file, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn target(reference: &str, file: Option<&str>) -> Option<Target> {
    let (path, name) = reference.split_once("#/$defs/")?;
    let file = match path.strip_prefix('/') {
        Some(path) => path,
        None => file.filter(|_| path.is_empty())?,
    };
    let nested = name.contains('/');
    (!nested).then(|| Target { file: file.into(), name: name.into() })
}

struct Bundler<'a> {
    file: &'a Dataset,
    shared: &'a dyn SharedSchemas,
    /// The shared schemas that have been read; nothing for one that is none.
    files: BTreeMap<String, Option<Value>>,
    faults: &'a mut Diagnostics,
}

impl Bundler<'_> {
    /// A definition, for the reference at `pointer` of the schema's file.
    fn definition(&mut self, target: &Target, pointer: &str) -> Option<Value> {
        let Target { file, name } = target;
        if !self.files.contains_key(file) {
            let read = self.read(file, pointer);
            self.files.insert(file.clone(), read);
        }
        let schema = self.files.get(file)?.as_ref()?;
        let definition = schema.pointer(&pointer_join("/$defs", name)).cloned();
        if definition.is_none() {
            let fault = Diagnostic::error(
                "template/schema",
                text!(
                    "`/{file}` 里没有 `$defs/{name}`",
                    "`/{file}` has no `$defs/{name}`"
                ),
            );
            self.faults.push(fault.at(self.file.place(pointer)));
        }
        definition
    }

    fn read(&mut self, file: &str, pointer: &str) -> Option<Value> {
        let Some((shown, bytes)) = self.shared.schema(file) else {
            let fault = Diagnostic::error(
                "template/schema",
                text!("没有共用的数据规范 `/{file}`", "no shared schema `/{file}`"),
            )
            .at(self.file.place(pointer))
            .hint(text!(
                "自带的是 `/congress.json`；自己的放在模板包旁边",
                "the one that ships is `/congress.json`; your own stands beside the package"
            ));
            self.faults.push(fault);
            return None;
        };
        let shared = Dataset::read(&shown, &bytes, self.faults)?;
        super::schema::check_marks(&shared, shared.value(), "", self.faults);
        Some(shared.value().clone())
    }

    fn clash(&self, name: &str) -> Diagnostic {
        Diagnostic::error(
            "template/schema",
            text!(
                "`$defs/{name}` 和引用进来的定义重名",
                "`$defs/{name}` has the name of a definition that is referred to"
            ),
        )
        .at(self.file.key_place(&pointer_join("/$defs", name)))
        .hint(text!("换一个名字", "give it another name"))
    }
}

//! Two editions of a project compared.

use crate::data::compare::{Comparison, Side, compare as compare_datasets};
use crate::diag::{Diagnostics, Result, Warned};
use crate::project::{Edition, Project, lineage, resolve};

/// What is different between two editions, with what they inherit.
///
/// # Errors
/// An edition that cannot be read, or is not what its schema wants.
pub fn compare(
    project: &Project,
    old: &Edition,
    new: &Edition,
) -> Result<Warned<Comparison>> {
    let schemas = resolve::dataset_schemas(project)?;
    let schema = schemas.whole();
    let mut faults = Diagnostics::new();
    let mut read = |edition: &Edition| {
        let dataset = lineage::read(edition, schema, &mut faults)?.own.dataset;
        let reading = schema.check(&dataset, &mut faults);
        Some((dataset, reading))
    };
    let (Some(old), Some(new)) = (read(old), read(new)) else {
        return Err(faults.fail());
    };
    let [old, new] = [&old, &new].map(|(dataset, reading)| Side { dataset, reading });
    let comparison = compare_datasets(old, new);
    faults.finish(comparison)
}

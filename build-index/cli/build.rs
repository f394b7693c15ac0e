//! `build` and `merge`: a library in, a site or a part of one out.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use mcdewey::stages::Options;
use mcdewey::{in_place, part, pipeline};

use super::{INCOMPLETE, Work, print};

#[derive(Debug, Args)]
pub(super) struct Build {
    /// The library's root: [vendor/]product/version/document…
    #[arg(required_unless_present = "html", requires = "out")]
    library: Option<PathBuf>,
    /// Index a built site where it is: its pages stay, a folder is added
    #[arg(long, value_name = "SITE", conflicts_with = "library")]
    html: Option<PathBuf>,
    /// Read and embed only this product, for `mcdewey merge`; what it takes is then in --out
    #[arg(long, value_name = "[VENDOR/]PRODUCT", conflicts_with_all = ["html", "cache", "no_cache"])]
    partition: Option<String>,
    #[command(flatten)]
    how: How,
}

#[derive(Debug, Args)]
pub(super) struct Merge {
    /// The library's root
    library: PathBuf,
    /// The folders of its parts
    #[arg(required = true, value_name = "PART", requires = "out", conflicts_with = "no_cache")]
    parts: Vec<PathBuf>,
    #[command(flatten)]
    how: How,
}

/// What all ways of building know.
#[derive(Debug, Args)]
struct How {
    /// The site's folder; an older site there is replaced when the new one is whole [default with --html: SITE/mcdewey]
    #[arg(long)]
    out: Option<PathBuf>,
    /// The configuration [default: mcdewey.toml in the library]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The site whose ids and addresses are kept, for instance a copy of what is deployed [default: the one at --out]
    #[arg(long, value_name = "SITE")]
    previous: Option<PathBuf>,
    /// Keep nothing of the site before: ids are places in the document again
    #[arg(long, conflicts_with = "previous")]
    fresh: bool,
    /// Exit with 3 when anything of the library is not in the site
    #[arg(long)]
    strict: bool,
    /// Print what was built as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    work: Work,
}

impl Build {
    pub fn run(self) -> Result<ExitCode, String> {
        let in_place = self.html.is_some();
        let library = self.html.or(self.library).unwrap_or_default();
        let mut options = Options { in_place, partition: self.partition, ..self.how.options(library) };
        if options.partition.is_some() {
            options.cache = Some(options.site.clone());
        }
        self.how.run(&options)
    }
}

impl Merge {
    pub fn run(self) -> Result<ExitCode, String> {
        let options = Options { parts: self.parts, ..self.how.options(self.library) };
        self.how.run(&options)
    }
}

impl How {
    fn options(&self, library: PathBuf) -> Options {
        let site = self.out.clone().unwrap_or_else(|| library.join(in_place::FOLDER));
        Options {
            previous: (!self.fresh).then(|| self.previous.clone().unwrap_or_else(|| site.clone())),
            site,
            library,
            config: self.config.clone(),
            cache: self.work.cache(),
            program: std::env::current_exe().ok(),
            ..Options::default()
        }
    }

    fn run(&self, options: &Options) -> Result<ExitCode, String> {
        self.work.begin()?;
        let built = match &options.partition {
            Some(_) => part::make(options),
            None => pipeline::build(options),
        }?;
        if self.json {
            print::json(&built)?;
        } else {
            print::built(&built, &options.site);
        }
        let incomplete = self.strict && built.lost() > 0;
        Ok(if incomplete { ExitCode::from(INCOMPLETE) } else { ExitCode::SUCCESS })
    }
}

//! One campaign, from its first words to its last.

use super::super::error::{CliError, Exit};
use super::super::progress::Progress;
use super::super::settings::Chosen;
use super::super::{App, interrupt, watchdog};
use super::FuzzArgs;
use super::books::{Books, Clock};
use super::invocation::{Around, Begun};
use super::teller::Teller;
use super::{guided, say};
use crate::explain::hunt::{Bag, Hunt};
use crate::report::campaign::CampaignReport;
use crate::report::formats::Told;
use crate::report::place::Place;
use crate::report::progress::BeginReport;
use crate::report::vitals::VitalsReport;
use crate::search;
use crate::search::campaign::clock::Stopwatch;
use crate::search::campaign::{self, Plan, Watcher};
use crate::search::guided::corpus::Corpus;
use crate::search::watch::Stuck;

/// The target with whose vital signs all others are compared.
const REFERENCE: &str = "raft-core";

/// A campaign that is over.
pub(super) struct Ended {
    pub(super) report: CampaignReport,
    pub(super) exit: Exit,
    /// Where its files lie.
    pub(super) place: Place,
    /// The first file that could not be written; what was found is told all the same.
    pub(super) unwritten: Option<CliError>,
}

/// Runs a campaign, or the rest of one that was begun before.
pub(super) fn run(
    app: &App,
    args: &FuzzArgs,
    begun: Option<Begun>,
    around: Around,
) -> Result<Ended, CliError> {
    let chosen = args.settings.choose(app)?;
    args.check(&chosen)?;
    let mut plan = args.plan(&chosen)?;
    let Begun { place, campaign, wall_ms, kept } = match begun {
        Some(begun) => begun,
        None => Begun::now(make_place(args, &chosen, &plan)?),
    };
    plan.time_ms = plan.time_ms.map(|limit| limit.saturating_sub(wall_ms));
    interrupt::listen();
    say::announce(app, &chosen, &plan, &args.settings, &campaign);
    args.known.announce(app, &plan.known);
    args.outputs.tell(app, &Told::Begin(&BeginReport::of(chosen.target, &plan)));
    let mut progress = Progress::new(app, args.progress, &args.outputs, &plan);
    let teller = Teller::new(app, &chosen, &plan, args, &place, progress.voice(), kept);
    let clock = Clock { stopwatch: Stopwatch::start(), before_ms: wall_ms };
    let classes = campaign.failures.len();
    let mut books =
        Books { teller: &teller, progress: &mut progress, around, clock, next_ms: 0, classes };
    // Whatever cannot be written had better be known now than after eight hours.
    books.write(&campaign);
    if let Some(error) = teller.unwritten() {
        return Err(error);
    }
    let hunt = Hunt {
        target: chosen.target,
        plan: &plan,
        minimize_ms: args.minimize,
        futures: args.follow,
        stop: &interrupt::STOP,
    };
    let stuck = |stuck: &Stuck| teller.stuck(stuck, clock.wall_ms());
    let bag = watchdog::during(app, &stuck, || {
        if chosen.is_guided {
            return guided(app, args, &hunt, &teller, &mut books);
        }
        Ok(hunt.run(&teller, &mut books, |watcher| {
            campaign::go_on(campaign, hunt.target, hunt.plan, hunt.stop, watcher)
        }))
    })?;
    books.write(&bag.campaign);
    progress.finish();
    let (failures, unstable) = (teller.failures(&bag), teller.unstable(&bag));
    let Hunt { target, plan, .. } = hunt;
    let wall_ms = clock.wall_ms();
    let mut report = CampaignReport::of(target, plan, &bag.campaign, failures, unstable, wall_ms);
    report.made = teller.made.clone();
    let reference = app.targets.find(REFERENCE);
    report.vitals = reference.map(|it| VitalsReport::of(it, target, plan, &bag.campaign));
    report.further = teller.further(&report);
    let exit = say::verdict(&report);
    report.exit = exit as u8;
    teller.write_report(&report);
    let unwritten = teller.unwritten();
    Ok(Ended { report, exit, place, unwritten })
}

fn make_place(args: &FuzzArgs, chosen: &Chosen<'_>, plan: &Plan) -> Result<Place, CliError> {
    Place::new(&args.out, chosen.target, plan).map_err(|error| {
        CliError::unwritable(&args.out, &error).hint("choose another folder with --out")
    })
}

/// Runs a guided campaign between two states of its folder.
fn guided(
    app: &App,
    args: &FuzzArgs,
    hunt: &Hunt<'_>,
    teller: &Teller<'_>,
    watcher: &mut dyn Watcher,
) -> Result<Bag, CliError> {
    let Hunt { target, plan, stop, .. } = *hunt;
    let folder = args.guided_corpus.as_deref();
    let loaded = guided::begin(app, teller.chosen, folder)?;
    let mut corpus = Corpus::default();
    let bag = hunt.run(teller, watcher, |watcher| {
        let (campaign, learnt) = search::guided::run(target, plan, &loaded, stop, watcher);
        corpus = learnt;
        campaign
    });
    let ended = folder.map(|it| guided::end(app, teller.chosen, plan, it, &corpus, loaded.len()));
    if let Some(Err(error)) = ended {
        teller.not_written(error);
    }
    Ok(bag)
}

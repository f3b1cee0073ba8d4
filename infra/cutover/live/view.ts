import type { Side } from "../../../services/chassis/src/ownership/standing.ts";
import { eventText, isBad } from "../event-text.ts";
import type { LagEvent, StepName, StepState, TimedEvent, TrafficEvent } from "../events.ts";

/** What is known of a step. */
export interface StepView {
  state: StepState;
  /** When it got into this state. */
  since: number;
  ms?: number;
}

export interface CopyView {
  rows: number;
  total: number;
  /** Rows per second since the copy was first heard of. */
  rate: number;
}

export interface ModuleView {
  module: string;
  steps: Map<StepName, StepView>;
  copy?: CopyView;
  lag?: LagEvent;
  /** Weight of the service. */
  percent?: number;
  owner?: Side;
  traffic: Record<Side, SideView>;
}

/** What is known of the traffic of one side. */
export interface SideView {
  /** The last looks, newest last. */
  looks: (TrafficEvent & { at: number })[];
  /** Of all looks. */
  errors: number;
}

/** All that the live view shows. */
export interface View {
  started?: number;
  modules: ModuleView[];
  /** The last things that happened, in words. */
  notes: { at: number; text: string; bad: boolean }[];
}

/** How much is kept. */
const LOOKS = 120;
const NOTES = 4;

const noTraffic = (): SideView => ({ looks: [], errors: 0 });

/** A view of nothing, and what makes it know an event. */
export function createView(): { view: View; apply: (event: TimedEvent) => void } {
  const view: View = { modules: [], notes: [] };
  const copyBegan = new Map<string, { at: number; rows: number }>();

  const moduleView = (module: string): ModuleView => {
    const found = view.modules.find((one) => one.module === module);
    if (found) return found;
    const created: ModuleView = { module, steps: new Map(), traffic: { monolith: noTraffic(), service: noTraffic() } };
    view.modules.push(created);
    return created;
  };

  const note = (event: TimedEvent) => {
    const text = eventText(event);
    if (text === undefined || (event.type === "step" && event.state !== "failed")) return;
    view.notes = [...view.notes, { at: event.at, text, bad: isBad(event) }].slice(-NOTES);
  };

  const apply = (event: TimedEvent) => {
    view.started ??= event.at;
    note(event);
    switch (event.type) {
      case "step": {
        const { step, state, at, ms } = event;
        moduleView(event.module).steps.set(step, { state, since: at, ...(ms !== undefined && { ms }) });
        break;
      }
      case "progress": {
        const { module, rows, total, at } = event;
        const began = copyBegan.get(module) ?? { at, rows };
        copyBegan.set(module, began);
        const rate = at > began.at ? ((rows - began.rows) * 1000) / (at - began.at) : 0;
        moduleView(module).copy = { rows, total, rate };
        break;
      }
      case "lag":
        moduleView(event.module).lag = event;
        break;
      case "traffic": {
        const side = moduleView(event.module).traffic[event.side];
        side.looks = [...side.looks, event].slice(-LOOKS);
        side.errors += event.errors;
        break;
      }
      case "weights":
        moduleView(event.module).percent = event.percent;
        break;
      case "handover":
        moduleView(event.module).owner = event.to;
        break;
      default:
    }
  };
  return { view, apply };
}

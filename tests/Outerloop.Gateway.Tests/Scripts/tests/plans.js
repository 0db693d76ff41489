// Random plans with mistakes, and the states that the gateway says they go through: written by the test that runs these.
import { readFileSync } from "node:fs";

export const plans = JSON.parse(readFileSync(process.env.OUTERLOOP_PLANS, "utf8"));

export function plansOf(domain) {
  return plans.filter(({ view }) => view.domain === domain);
}

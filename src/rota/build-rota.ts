/** A consultant's sales rank (销售权重): who is offered customers first, and how many in one cycle. */
export type Rank = { consultantId: number; weight: number; slots: number };

/**
 * Lays out one cycle of the rota: in round c = 0, 1, 2 … everyone with more than c slots gets a turn, by weight, highest
 * first, ties by id; the first empty round ends it. Answers consultant ids in turn order; no ranks, no turns.
 */
export function buildRota(ranks: readonly Rank[]): number[] {
  const byWeight = [...ranks].sort((a, b) => b.weight - a.weight || a.consultantId - b.consultantId);
  const rota: number[] = [];
  for (let round = 0; ; round++) {
    const inRound = byWeight.filter(({ slots }) => round < slots);
    if (inRound.length === 0) return rota;
    rota.push(...inRound.map(({ consultantId }) => consultantId));
  }
}

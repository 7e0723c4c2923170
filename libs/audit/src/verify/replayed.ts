import type { AllocationEnd } from '#slot';
import type { Finding } from './finding.js';

/** What the replay of one event says to the checks across all slots. Plain data: it may cross threads. */
export type Remark =
  /** The first event of its slot that was read. */
  | { readonly kind: 'slot' }
  /** Whose documents have this version's checksum; said at the first of them at the latest. */
  | { readonly kind: 'own'; readonly source: string }
  /** A document of another version, or a changed one. */
  | { readonly kind: 'other'; readonly source: string; readonly origin: number }
  /** A document without a checksum. */
  | { readonly kind: 'unsealed'; readonly source: string; readonly event: string }
  /** Its slot's first event that was read, and not its first one; null: nobody knows what it follows. */
  | { readonly kind: 'late'; readonly expected: number | null; readonly event: string }
  /** It was written to follow an event that was not read. */
  | { readonly kind: 'skipped'; readonly expected: number; readonly event: string }
  | ClaimRemark
  | { readonly kind: 'wrong'; readonly finding: Finding };

/** An allocation id gets a slot, or its slot's session ends. */
export type ClaimRemark =
  | {
      readonly kind: 'claimed';
      readonly id: string;
      readonly attempt: number;
      readonly deduplicationId: string | null;
    }
  | {
      readonly kind: 'ended';
      readonly id: string;
      readonly outcome: AllocationEnd['outcome'];
    };

/** What the replay of one event within its slot came to. */
export interface Replayed {
  /** When it was recorded (epoch ms); null: it cannot be read. */
  readonly at: number | null;
  readonly remarks: readonly Remark[];
}

/** What a matchmaker imports: asks Berth for game servers over NATS, and gives them back. */
export { askForAllocation, askForDeallocation } from './asking.js';
export {
  BerthClient,
  type AllocateOptions,
  type Allocation,
  type ConnectOptions,
  type DeallocateOptions,
} from './client.js';
export { AllocationUncertain, AllocatorAbsent, Refused } from './errors.js';

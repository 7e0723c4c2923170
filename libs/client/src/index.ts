/** What a matchmaker imports: asks Berth for game servers over NATS, and gives them back. */
export {
  askForAllocation,
  askForDeallocation,
  askForDirection,
  askForFleets,
  askForSize,
  cancelWaiting,
} from './asking.js';
export {
  BerthClient,
  type AllocateOptions,
  type Allocation,
  type ConnectOptions,
  type DeallocateOptions,
  type PublishOptions,
  type DirectOptions,
} from './client.js';
export { AllocationUncertain, AllocatorAbsent, Refused } from './errors.js';

import { bad, good, note, type Diagnosis } from './diagnosis.js';

const MEGABYTE = 1024 * 1024;
const ENOUGH_DISK = 1024 * MEGABYTE;
const NO_DISK = 100 * MEGABYTE;

export function diskDiagnosis(free: number, folder: string): Diagnosis {
  const what = `${(free / MEGABYTE / 1024).toFixed(1)} GB free for ${folder}`;
  const advice = 'Free some space: without any, nothing can be stored, and sends are refused (503 not_stored).';
  if (free < NO_DISK) return bad('disk', what, advice);
  return free < ENOUGH_DISK ? note('disk', what, advice) : good('disk', what);
}

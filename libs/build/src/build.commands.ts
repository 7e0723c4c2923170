interface Wanted {
  readonly at: number;
  readonly reason: string;
  readonly by: string;
}

export interface PushBuild extends Wanted {
  readonly type: 'PushBuild';
  readonly manifest: string;
  readonly files: number;
  readonly bytes: number;
}

export interface RemoveBuildVersion extends Wanted {
  readonly type: 'RemoveBuildVersion';
  readonly version: number;
}

export type BuildCommand = PushBuild | RemoveBuildVersion;

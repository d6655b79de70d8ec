export interface Log {
  readonly say: (line: string) => void;
  readonly group: (title: string) => void;
  readonly endGroup: () => void;
}

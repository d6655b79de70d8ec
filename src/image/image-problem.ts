/** Why there is no image: cause and fix in a line for a person. */
export class ImageProblem extends Error {
  override readonly name: string = 'ImageProblem';
}

export { FolderTaken, lockFolder } from '#agency';

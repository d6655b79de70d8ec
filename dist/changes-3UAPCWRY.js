import{a}from"./git-MJPAZLFS.js";import"./clock-TXZYSWAF.js";export{a as findChanges};

import{a}from"./touched-MGZ2W36Z.js";import"./clock-TXZYSWAF.js";export{a as findChanges};

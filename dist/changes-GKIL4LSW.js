import{a}from"./git-HKEYXT2N.js";import"./clock-TXZYSWAF.js";export{a as findChanges};

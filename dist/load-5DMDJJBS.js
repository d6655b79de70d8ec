import{b as a}from"./yaml-MQQKUVBG.js";import"./clock-TXZYSWAF.js";export{a as loadConfig};

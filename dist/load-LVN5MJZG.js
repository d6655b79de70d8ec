import{b as a}from"./yaml-NDMKQZQC.js";import"./clock-TXZYSWAF.js";export{a as loadConfig};

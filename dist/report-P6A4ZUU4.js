import{a,b,c}from"./report-KDRXBES6.js";import"./clock-TXZYSWAF.js";export{a as reportJob,b as reportRollback,c as reportServices};

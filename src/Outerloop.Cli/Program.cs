using Outerloop.Cli;

return await CommandLine.Run(args, Terminal.OfProcess(), TimeProvider.System);

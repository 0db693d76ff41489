using System.Diagnostics;

namespace Outerloop.Tests.Servers;

/// <summary>A test that needs a Python with some modules: the one that the variable OUTERLOOP_PYTHON names, or python3.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute(params string[] modules)
    {
        if (!Has(modules))
            Skip = modules.Length == 0 ? "not run: python3 is not here" : $"not run: python3 with {string.Join(", ", modules)} is not here";
    }

    public static string Python { get; } = Environment.GetEnvironmentVariable("OUTERLOOP_PYTHON") is { Length: > 0 } named
        ? named
        : File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";

    private static bool Has(string[] modules)
    {
        try
        {
            var start = new ProcessStartInfo(Python, ["-c", string.Concat(modules.Select(module => $"import {module}\n"))]) { UseShellExecute = false, RedirectStandardError = true };
            using Process process = Process.Start(start)!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}

using System.Security.Cryptography;
using System.Text;

namespace Outerloop.Slurm;

/// <summary>Names of jobs, by the folder that a job works for: the same after a restart, and no other's.</summary>
internal static class JobName
{
    public static string Of(string folder, string kind)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(folder)));
        return $"outerloop-{kind}-{Convert.ToHexStringLower(hash)[..16]}";
    }
}
